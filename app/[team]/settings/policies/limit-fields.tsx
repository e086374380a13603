"use client";

import { SelectField, TextField } from "@/components/ui/field";
import { OVERLAP_CHOICES, type OverlapChoice } from "@/lib/api-keys/rotate/overlap";
import { ACTIVE_KEYS_LIMIT } from "@/lib/policies/schemas";
import { Check, type PartProps, PolicyPart } from "./policy-part";

export function LimitFields({ values, fields, onChange }: PartProps) {
  return (
    <>
      <PolicyPart title="Addresses" remark="From where a key may be used.">
        <Check
          label="Every key names the addresses it is used from"
          hint="A new key then needs at least one address or range. From elsewhere it is refused."
          error={fields.requiresIps}
          isOn={values.requiresIps}
          onChange={(requiresIps) => onChange({ requiresIps })}
        />
      </PolicyPart>
      <PolicyPart title="Number and rotation" remark="How many keys a member has, and how one replaces another.">
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField
            label="Active keys a member may have"
            hint="Expired and revoked ones don't count, nor do team keys. Usual: 10."
            error={fields.maxActiveKeys}
            type="number"
            min={1}
            max={ACTIVE_KEYS_LIMIT}
            value={values.maxActiveKeys}
            onChange={(event) => onChange({ maxActiveKeys: event.target.value })}
          />
          <SelectField
            label="Overlap offered first"
            hint="How long the old token works on after a rotation."
            error={fields.defaultOverlap}
            value={values.defaultOverlap}
            onChange={(event) => onChange({ defaultOverlap: event.target.value as OverlapChoice })}
          >
            {Object.entries(OVERLAP_CHOICES).map(([choice, { label }]) => (
              <option key={choice} value={choice}>
                {label}
              </option>
            ))}
          </SelectField>
        </div>
      </PolicyPart>
    </>
  );
}
