"use client";

import { Field, Input, Select } from "@/components/ui/field";
import {
  EXPIRY_CHOICES,
  type ExpiryChoice,
  expiryAfter,
  MAX_LIFETIME_YEARS,
  RECOMMENDED_EXPIRY,
} from "@/lib/api-keys/expiry";
import type { MintingOptions } from "@/lib/api-keys/minting-options";
import { formatDate } from "@/lib/date-format";

/**
 * What the field holds: a lifetime, or a day ("2027-02-19", in the reader's own calendar) when `choice` is "date", or
 * nothing of its own when it is "keep".
 */
export type ExpiryValue = { choice: ExpiryChoice | "date" | "keep"; day: string };

type Policy = Pick<MintingOptions["policy"], "defaultLifetime" | "maxLifetimeDays" | "mayNeverExpire">;

/** What the server is sent: a day counts to its end where the reader is. Undefined leaves it to the server. */
export function expiryInput({ choice, day }: ExpiryValue): { in: string } | { at: string } | undefined {
  if (choice === "keep") return undefined;
  if (choice !== "date") return { in: choice };
  const end = new Date(`${day}T23:59:59`);
  return { at: Number.isNaN(end.getTime()) ? "" : end.toISOString() };
}

type ExpiryFieldProps = {
  value: ExpiryValue;
  onChange: (value: ExpiryValue) => void;
  policy: Policy;
  /** What "keep" is called, where it is offered. */
  keepLabel?: string;
  error?: string;
};

/** Offers what the team's policy lets a key live for. */
export function ExpiryField({ value, onChange, policy, keepLabel, error }: ExpiryFieldProps) {
  const isDate = value.choice === "date";
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Expires" hint={isDate ? undefined : hintFor(value)} error={isDate ? undefined : error}>
        {(control) => (
          <Select
            {...control}
            value={value.choice}
            onChange={(event) => onChange({ ...value, choice: event.target.value as ExpiryValue["choice"] })}
          >
            {keepLabel && <option value="keep">{keepLabel}</option>}
            {choicesWithin(policy).map((choice) => (
              <option key={choice} value={choice}>
                {EXPIRY_CHOICES[choice].label}
                {choice === policy.defaultLifetime && (choice === RECOMMENDED_EXPIRY ? " (recommended)" : " (default)")}
              </option>
            ))}
            <option value="date">On a date…</option>
          </Select>
        )}
      </Field>
      {isDate && (
        <Field label="Last day" hint="It works until the end of this day." error={error}>
          {(control) => (
            <Input
              {...control}
              type="date"
              min={dayOf(new Date())}
              max={dayOf(yearsFromNow(MAX_LIFETIME_YEARS))}
              value={value.day}
              onChange={(event) => onChange({ ...value, day: event.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

const DAY_MS = 86_400_000;

/** The lifetimes that the policy allows; the server decides to the minute, and counts a month as what it is. */
function choicesWithin({ maxLifetimeDays, mayNeverExpire }: Policy): ExpiryChoice[] {
  const now = new Date();
  return (Object.keys(EXPIRY_CHOICES) as ExpiryChoice[]).filter((choice) => {
    const end = expiryAfter(choice, now);
    if (!end) return mayNeverExpire && maxLifetimeDays === null;
    return maxLifetimeDays === null || end.getTime() - now.getTime() <= (maxLifetimeDays + 1) * DAY_MS;
  });
}

function hintFor({ choice }: ExpiryValue): string | undefined {
  if (choice === "keep") return undefined;
  if (choice === "never" || choice === "date") {
    return "A key that never expires works until somebody remembers it. Prefer 90 days.";
  }
  const date = expiryAfter(choice, new Date());
  return date ? `Stops working on ${formatDate(date, "longDay")}.` : "";
}

/** The local calendar day, as a date input writes it. */
function dayOf(date: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function yearsFromNow(years: number): Date {
  const date = new Date();
  date.setFullYear(date.getFullYear() + years);
  return date;
}
