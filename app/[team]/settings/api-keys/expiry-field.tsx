"use client";

import { Field, Input, Select } from "@/components/ui/field";
import {
  EXPIRY_CHOICES,
  type ExpiryChoice,
  expiryAfter,
  MAX_LIFETIME_YEARS,
  RECOMMENDED_EXPIRY,
} from "@/lib/api-keys/expiry";
import { formatDate } from "@/lib/date-format";

/** What the field holds: a lifetime, or a day ("2027-02-19", in the reader's own calendar) when `choice` is "date". */
export type ExpiryValue = { choice: ExpiryChoice | "date"; day: string };

/** What the server is sent: a day counts to its end where the reader is. */
export function expiryInput({ choice, day }: ExpiryValue): { in: string } | { at: string } {
  if (choice !== "date") return { in: choice };
  const end = new Date(`${day}T23:59:59`);
  return { at: Number.isNaN(end.getTime()) ? "" : end.toISOString() };
}

type ExpiryFieldProps = { value: ExpiryValue; onChange: (value: ExpiryValue) => void; error?: string };

export function ExpiryField({ value, onChange, error }: ExpiryFieldProps) {
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
            {Object.entries(EXPIRY_CHOICES).map(([choice, { label }]) => (
              <option key={choice} value={choice}>
                {label}
                {choice === RECOMMENDED_EXPIRY && " (recommended)"}
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

function hintFor({ choice }: ExpiryValue): string {
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
