"use client";

import { useId, useState } from "react";
import { ScopeBoxes } from "@/components/scope-boxes";
import { classNames } from "@/components/ui/class-names";
import { FieldError, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { type ScopeGroup, scopePresets } from "@/lib/api-keys/scope-presets";
import { sameSet } from "@/lib/permissions/same-set";

type ScopePickerProps = {
  groups: ScopeGroup[];
  /** Shown if none of the API's permissions can be granted. */
  noScopes: string;
  selected: string[];
  onChange: (scopes: string[]) => void;
  error?: string;
};

const PRESETS = [
  { label: "Full access", preset: "full_access" },
  { label: "Read only", preset: "read_only" },
] as const;

/** The catalog's permissions as grouped checkboxes, with presets and a search. */
export function ScopePicker({ groups, noScopes, selected, onChange, error }: ScopePickerProps) {
  const [query, setQuery] = useState("");
  const errorId = useId();
  const all = groups.flatMap((group) => group.permissions);
  const shown = matching(groups, query);
  const presets = scopePresets(groups);

  return (
    <fieldset aria-describedby={error ? errorId : undefined} className="grid min-w-0 gap-3">
      <legend className="mb-1.5 flex w-full items-baseline justify-between gap-2 font-medium">
        Scopes
        <span className="font-normal text-ink-soft text-xs tabular-nums">
          {selected.length} of {all.length} selected
        </span>
      </legend>
      {presets.full_access.length === 0 && <Notice>{noScopes}</Notice>}
      <div className="flex flex-wrap items-center gap-2">
        {PRESETS.filter(({ preset }) => presets[preset].length > 0).map(({ label, preset }) => (
          <Preset
            key={preset}
            label={label}
            isOn={sameSet(selected, presets[preset])}
            onPick={() => onChange(presets[preset])}
          />
        ))}
        <Input
          type="search"
          aria-label="Search scopes"
          placeholder="Search scopes"
          className="w-auto! grow sm:max-w-48"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
        />
      </div>
      {shown.length === 0 ? (
        <p className="text-ink-soft">No scopes found.</p>
      ) : (
        <ScopeBoxes groups={shown} selected={selected} onChange={onChange} />
      )}
      <FieldError id={errorId} message={error} />
    </fieldset>
  );
}

function Preset({ label, isOn, onPick }: { label: string; isOn: boolean; onPick: () => void }) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onPick}
      className={classNames(
        "h-9 rounded-lg border px-3 font-medium transition-colors max-md:h-10",
        isOn ? "border-accent bg-accent-soft text-accent" : "border-line-strong/60 hover:bg-sunken",
      )}
    >
      {label}
    </button>
  );
}

function matching(groups: ScopeGroup[], query: string): ScopeGroup[] {
  const words = query.trim().toLowerCase();
  const isMatch = (group: ScopeGroup, { name, label }: ScopeGroup["permissions"][number]) =>
    `${group.name} ${name} ${label}`.toLowerCase().includes(words);
  return groups
    .map((group) => ({ ...group, permissions: group.permissions.filter((scope) => isMatch(group, scope)) }))
    .filter((group) => group.permissions.length > 0);
}
