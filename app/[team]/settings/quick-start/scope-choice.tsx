"use client";

import { SelectField } from "@/components/ui/field";
import { useUrlFilters } from "@/components/use-url-filters";
import type { ScopePair } from "@/lib/quick-start/choice";
import type { Way } from "@/lib/quick-start/ways";

type ScopeChoiceProps = { way: Way; scopes: ScopePair; offered: Record<keyof ScopePair, string[]> };

const LABELS = { read: "To read (GET)", write: "To change (POST, DELETE …)" } as const;

/** The snippets' scopes; the choice is in the URL. */
export function ScopeChoice({ way, scopes, offered }: ScopeChoiceProps) {
  const { wanted, isPending, show } = useUrlFilters({ for: way as string, ...scopes });
  return (
    <fieldset className="grid max-w-xl grid-cols-1 gap-3 sm:grid-cols-2" aria-busy={isPending}>
      <legend className="sr-only">Scopes asked for</legend>
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
