"use client";

import { useRef } from "react";
import { SearchInput } from "@/components/search-input";
import { buttonClass } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { Field, SelectField, TextField } from "@/components/ui/field";
import { useUrlFilters } from "@/components/use-url-filters";
import { AUDIT_TARGETS, actionGroups } from "@/lib/audit/targets";
import { visibleText } from "@/lib/text/visible-text";

type Filters = Record<"action" | "about" | "member" | "key" | "from" | "to", string | null>;

const DAYS = [
  { day: "from", label: "From (UTC)" },
  { day: "to", label: "To (UTC)" },
] as const;
type Day = (typeof DAYS)[number]["day"];

type AuditFiltersProps = { filters: Filters; members: { id: string; name: string }[] };

/** The log's filters. Days are UTC, so that readers in different time zones see the same entries. */
export function AuditFilters({ filters, members }: AuditFiltersProps) {
  const { wanted, isPending, show } = useUrlFilters(filters);
  const isFiltered = Object.values(wanted).some(Boolean);
  const typed = useRef<Day | null>(null);

  /** A day is typed digit by digit, each a valid day; together they are one step of the browser's history. */
  function type(day: Day, value: string) {
    show({ [day]: value }, typed.current === day);
    typed.current = day;
  }
  const endTyping = () => {
    typed.current = null;
  };

  return (
    <search className="grid grid-cols-2 items-end gap-3 md:grid-cols-3 xl:grid-cols-6" aria-busy={isPending}>
      <SelectField label="Event" value={wanted.action ?? ""} onChange={(event) => show({ action: event.target.value })}>
        <option value="">Any event</option>
        {actionGroups().map(({ label, actions }) => (
          <optgroup key={label} label={label}>
            {actions.map((action) => (
              <option key={action.name} value={action.name}>
                {action.label}
              </option>
            ))}
          </optgroup>
        ))}
      </SelectField>
      <SelectField label="Target" value={wanted.about ?? ""} onChange={(event) => show({ about: event.target.value })}>
        <option value="">Any target</option>
        {Object.entries(AUDIT_TARGETS).map(([target, label]) => (
          <option key={target} value={target}>
            {label}
          </option>
        ))}
      </SelectField>
      <SelectField label="Actor" value={wanted.member ?? ""} onChange={(event) => show({ member: event.target.value })}>
        <option value="">Any actor</option>
        {members.map(({ id, name }) => (
          <option key={id} value={id}>
            {visibleText(name)}
          </option>
        ))}
      </SelectField>
      <Field label="Key">
        {(control) => (
          <SearchInput
            {...control}
            placeholder="Name or prefix"
            value={wanted.key ?? ""}
            onSearch={(key, isContinued) => show({ key }, isContinued)}
          />
        )}
      </Field>
      {DAYS.map(({ day, label }) => (
        <TextField
          key={day}
          label={label}
          type="date"
          value={wanted[day] ?? ""}
          onChange={(event) => type(day, event.target.value)}
          onBlur={endTyping}
        />
      ))}
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
