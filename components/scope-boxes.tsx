import type { ScopeGroup } from "@/lib/api-keys/scope-presets";

type ScopeBoxesProps = { groups: ScopeGroup[]; selected: string[]; onChange: (scopes: string[]) => void };

/** Scopes as grouped checkboxes. */
export function ScopeBoxes({ groups, selected, onChange }: ScopeBoxesProps) {
  const toggle = (scope: string) =>
    onChange(selected.includes(scope) ? selected.filter((name) => name !== scope) : [...selected, scope]);
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
      {groups.map((group) => (
        <fieldset key={group.name} className="grid min-w-0 content-start md:gap-1.5">
          <legend className="mb-1 text-ink-soft text-xs">{group.name}</legend>
          {group.permissions.map(({ name, label }) => (
            <label key={name} className="check-row cursor-pointer">
              <input
                type="checkbox"
                className="mt-1 size-4 shrink-0"
                checked={selected.includes(name)}
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
  );
}
