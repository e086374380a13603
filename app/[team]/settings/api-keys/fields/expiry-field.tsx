"use client";

import { useState } from "react";
import { classNames } from "@/components/ui/class-names";
import { SelectField, TextField } from "@/components/ui/field";
import {
  choicesWithin,
  type ExistingKey,
  type LifetimeRules,
  latestWithin,
} from "@/lib/api-keys/create/lifetimes-within";
import { EXPIRY_CHOICES, type ExpiryChoice, expiryAfter, RECOMMENDED_EXPIRY } from "@/lib/api-keys/expiry";
import { formatDate } from "@/lib/text/date-format";

/**
 * The field's value: a lifetime, a day ("2027-02-19", in the reader's calendar) if `choice` is "date", or the current
 * expiry if it is "keep".
 */
export type ExpiryValue = { choice: ExpiryChoice | "date" | "keep"; day: string };

/** The input for the server: a day ends in the reader's time zone. Undefined leaves it to the server. */
export function expiryInput({ choice, day }: ExpiryValue): { in: string } | { at: string } | undefined {
  if (choice === "keep") return undefined;
  if (choice !== "date") return { in: choice };
  const end = endOf(day);
  return { at: Number.isNaN(end.getTime()) ? "" : end.toISOString() };
}

const endOf = (day: string) => new Date(`${day}T23:59:59`);

type ExpiryFieldProps = {
  value: ExpiryValue;
  onChange: (value: ExpiryValue) => void;
  policy: LifetimeRules;
  /** The key whose expiry is changed; its lifetime counts from its creation. */
  of?: ExistingKey;
  /** The label of "keep" where available, and the resulting expiry. */
  keep?: { label: string; until: Date | null } | undefined;
  /** Explains the preselected lifetime. */
  remark?: string | undefined;
  error?: string;
};

/** Offers the lifetimes that the team's policy allows. */
export function ExpiryField({ value, onChange, policy, of: key, keep, remark, error }: ExpiryFieldProps) {
  const isDate = value.choice === "date";
  const [chosenFirst] = useState(value.choice);
  const hint = [value.choice === chosenFirst && remark, hintFor(value, keep?.until)].filter(Boolean).join(" ");
  return (
    <div className={classNames("grid gap-3", (isDate || !remark) && "sm:grid-cols-2")}>
      <SelectField
        label="Expires"
        hint={isDate ? undefined : hint}
        error={isDate ? undefined : error}
        value={value.choice}
        onChange={(event) => onChange({ ...value, choice: event.target.value as ExpiryValue["choice"] })}
      >
        {keep && <option value="keep">{keep.label}</option>}
        {choicesWithin(policy, key).map((choice) => (
          <option key={choice} value={choice}>
            {EXPIRY_CHOICES[choice].label}
            {choice === policy.defaultLifetime && (choice === RECOMMENDED_EXPIRY ? " (recommended)" : " (default)")}
          </option>
        ))}
        <option value="date">On a date…</option>
      </SelectField>
      {isDate && (
        <TextField
          label="Last day"
          hint="Expires at the end of this day, your time."
          error={error}
          type="date"
          min={dayOf(new Date())}
          max={lastDayWithin(latestWithin(policy, new Date(), key))}
          value={value.day}
          onChange={(event) => onChange({ ...value, day: event.target.value })}
        />
      )}
    </div>
  );
}

function hintFor({ choice }: ExpiryValue, keptUntil: Date | null | undefined): string {
  const date = choice === "keep" || choice === "date" ? keptUntil : expiryAfter(choice, new Date());
  if (date) return `Stops working on ${formatDate(date, "longDay")}.`;
  return "This key won't expire until someone revokes it. We recommend 90 days.";
}

/** The local calendar day in a date input's format. */
function dayOf(date: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The last whole day before an instant: a key works until the end of its last day. */
function lastDayWithin(latest: Date): string {
  const day = dayOf(latest);
  if (endOf(day) <= latest) return day;
  return dayOf(new Date(latest.getFullYear(), latest.getMonth(), latest.getDate() - 1, 12));
}
