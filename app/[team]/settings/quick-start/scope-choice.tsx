"use client";

import { SelectField } from "@/components/ui/field";
import { useUrlFilters } from "@/components/use-url-filters";
import type { ScopePair } from "@/lib/quick-start/choice";
import type { Integration } from "@/lib/quick-start/integrations";

type ScopeChoiceProps = { integration: Integration; scopes: ScopePair; offered: Record<keyof ScopePair, string[]> };

const LABELS = { read: "Read scope (GET)", write: "Write scope (POST, PUT, DELETE)" } as const;

/** The snippets' scopes; the choice is in the URL. */
export function ScopeChoice({ integration, scopes, offered }: ScopeChoiceProps) {
  const { wanted, isPending, show } = useUrlFilters({ for: integration as string, ...scopes });
  return (
    <fieldset className="grid max-w-xl grid-cols-1 gap-3 sm:grid-cols-2" aria-busy={isPending}>
      <legend className="sr-only">Scopes</legend>
      {(["read", "write"] as const).map((access) => (
        <SelectField
          key={access}
          label={LABELS[access]}
          value={wanted[access]}
          onChange={(event) => show({ [access]: event.target.value })}
        >
          {offered[access].map((scope) => (
            <option key={scope}>{scope}</option>
          ))}
        </SelectField>
      ))}
    </fieldset>
  );
}
