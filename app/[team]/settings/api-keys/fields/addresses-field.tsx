"use client";

import { classNames } from "@/components/ui/class-names";
import { Field, inputClass } from "@/components/ui/field";

type AddressesFieldProps = {
  /** As typed. */
  value: string;
  onChange: (value: string) => void;
  /** Whether the team's policy requires an IP allowlist. */
  isRequired: boolean;
  error?: string;
};

/** A key's IP allowlist, one address or range per line. */
export function AddressesField({ value, onChange, isRequired, error }: AddressesFieldProps) {
  return (
    <Field
      label="IP allowlist"
      isOptional={!isRequired}
      hint={
        isRequired
          ? "Required by your team. One IP address or CIDR range per line."
          : "One IP address or CIDR range per line. Leave blank to allow any IP address."
      }
      error={error}
    >
      {(control) => (
        <textarea
          {...control}
          rows={3}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          className={classNames(
            inputClass,
            "field-sizing-content max-h-48 min-h-20 h-auto! py-2 font-mono text-xs leading-5",
          )}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** The input for the server. */
export function addressesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}
