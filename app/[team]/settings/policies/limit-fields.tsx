"use client";

import { SelectField, TextField } from "@/components/ui/field";
import { OVERLAP_CHOICES, type OverlapChoice } from "@/lib/api-keys/rotate/overlap";
import { ACTIVE_KEYS_LIMIT } from "@/lib/policies/schemas";
import { Check, type PartProps, PolicyPart } from "./policy-part";

export function LimitFields({ values, fields, onChange }: PartProps) {
  return (
    <>
      <PolicyPart title="IP addresses" remark="Where keys can be used from.">
        <Check
          label="Require an IP allowlist"
          hint="New keys must list the IP addresses that can use them."
          error={fields.requiresIps}
          isOn={values.requiresIps}
          onChange={(requiresIps) => onChange({ requiresIps })}
        />
      </PolicyPart>
      <PolicyPart title="Limits and rotation" remark="How many keys a member can have, and how rotation works.">
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField
            label="Active keys per member"
            hint="Team, expired and revoked keys don't count. Default: 10."
            error={fields.maxActiveKeys}
            type="number"
            min={1}
            max={ACTIVE_KEYS_LIMIT}
            value={values.maxActiveKeys}
            onChange={(event) => onChange({ maxActiveKeys: event.target.value })}
          />
          <SelectField
            label="Default grace period"
            hint="How long the old token keeps working after a rotation."
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
