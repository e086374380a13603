"use client";

import { SearchInput } from "@/components/search-input";
import { buttonClass } from "@/components/ui/button";
import { Field, Input, Select } from "@/components/ui/field";
import { useUrlFilters } from "@/components/use-url-filters";
import { AUDIT_TARGETS, actionGroups } from "@/lib/audit/targets";
import { classNames } from "@/lib/class-names";
import { visibleText } from "@/lib/visible-text";

type Filters = Record<"action" | "about" | "member" | "key" | "from" | "to", string | null>;

type AuditFiltersProps = { filters: Filters; members: { id: string; name: string }[] };

/** The log's filters. Days are UTC, so that two readers in different places mean the same entries. */
export function AuditFilters({ filters, members }: AuditFiltersProps) {
  const { wanted, isPending, show } = useUrlFilters(filters);
  const isFiltered = Object.values(wanted).some(Boolean);

  return (
    <search className="grid grid-cols-2 items-end gap-3 md:grid-cols-3 xl:grid-cols-6" aria-busy={isPending}>
      <Field label="Action">
        {(control) => (
          <Select {...control} value={wanted.action ?? ""} onChange={(event) => show({ action: event.target.value })}>
            <option value="">Any action</option>
            {actionGroups().map(({ label, actions }) => (
              <optgroup key={label} label={label}>
                {actions.map((action) => (
                  <option key={action.name} value={action.name}>
                    {action.label}
                  </option>
                ))}
              </optgroup>
            ))}
          </Select>
        )}
      </Field>
      <Field label="About">
        {(control) => (
          <Select {...control} value={wanted.about ?? ""} onChange={(event) => show({ about: event.target.value })}>
            <option value="">Anything</option>
            {Object.entries(AUDIT_TARGETS).map(([target, label]) => (
              <option key={target} value={target}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Member">
        {(control) => (
          <Select {...control} value={wanted.member ?? ""} onChange={(event) => show({ member: event.target.value })}>
            <option value="">Anyone</option>
            {members.map(({ id, name }) => (
              <option key={id} value={id}>
                {visibleText(name)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Key">
        {(control) => (
          <SearchInput
            {...control}
            placeholder="Name or prefix"
            value={wanted.key ?? ""}
            onSearch={(key) => show({ key })}
          />
        )}
      </Field>
      <Field label="From (UTC)">
        {(control) => (
          <Input
            {...control}
            type="date"
            value={wanted.from ?? ""}
            onChange={(event) => show({ from: event.target.value })}
          />
        )}
      </Field>
      <Field label="To (UTC)">
        {(control) => (
          <Input
            {...control}
            type="date"
            value={wanted.to ?? ""}
            onChange={(event) => show({ to: event.target.value })}
          />
        )}
      </Field>
      {isFiltered && (
        <button
          type="button"
          className={classNames(buttonClass("ghost"), "justify-self-start")}
          onClick={() => show({ action: null, about: null, member: null, key: null, from: null, to: null })}
        >
          Clear filters
        </button>
      )}
    </search>
  );
}
