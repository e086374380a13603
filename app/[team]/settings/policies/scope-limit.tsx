"use client";

import { FieldError } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { ScopeGroup } from "@/lib/api-keys/scope-presets";
import { Check, type PartProps, PolicyPart } from "./policy-part";

/** The most that members may give their own keys, whatever their roles include. */
export function ScopeLimit({ values, fields, groups, onChange }: PartProps & { groups: ScopeGroup[] }) {
  const { limitsScopes, memberScopes } = values;
  const toggle = (scope: string) =>
    onChange({
      memberScopes: memberScopes.includes(scope)
        ? memberScopes.filter((name) => name !== scope)
        : [...memberScopes, scope],
    });
  return (
    <PolicyPart
      title="What members may grant"
      remark="The most that a member's own key can do. Team keys aren't touched."
    >
      <Check
        label="Limit the scopes of members' keys"
        hint="Without this, members give their keys whatever their role includes."
        isOn={limitsScopes}
        onChange={(isOn) => onChange({ limitsScopes: isOn })}
      />
      {limitsScopes && (
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
          {groups.map((group) => (
            <fieldset key={group.name} className="grid min-w-0 content-start gap-1.5">
              <legend className="mb-1 text-ink-soft text-xs">{group.name}</legend>
              {group.permissions.map(({ name, label }) => (
                <label key={name} className="flex cursor-pointer items-start gap-2.5">
                  <input
                    type="checkbox"
                    className="mt-1 size-4 shrink-0"
                    checked={memberScopes.includes(name)}
                    onChange={() => toggle(name)}
                  />
                  <span className="min-w-0">
                    {label} <code className="wrap-anywhere font-mono text-ink-soft text-xs">{name}</code>
                  </span>
                </label>
              ))}
            </fieldset>
          ))}
        </div>
      )}
      {limitsScopes && memberScopes.length === 0 && (
        <Notice tone="warning">With no scope ticked, members can't make keys of their own.</Notice>
      )}
      <FieldError message={fields.memberScopes} />
    </PolicyPart>
  );
}
