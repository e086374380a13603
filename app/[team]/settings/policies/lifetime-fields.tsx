"use client";

import { SelectField, TextField } from "@/components/ui/field";
import { choicesWithin, defaultWithin } from "@/lib/api-keys/create/lifetimes-within";
import { EXPIRY_CHOICES, type ExpiryChoice, RECOMMENDED_EXPIRY } from "@/lib/api-keys/expiry";
import { MAX_LIFETIME_DAYS } from "@/lib/policies/schemas";
import { Check, type PartProps, PolicyPart } from "./policy-part";
import { lifetimeRulesOf } from "./policy-values";

export function LifetimeFields({ values, fields, onChange }: PartProps) {
  const rules = lifetimeRulesOf(values);
  const within = choicesWithin(rules);
  const offered = within.length > 0 ? within : [values.defaultLifetime];
  const hasLongest = values.maxLifetimeDays.trim() !== "";
  return (
    <PolicyPart title="Lifetime" remark="Expired keys are useless if they leak.">
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField
          label="Default expiration"
          hint="Preselected for new keys."
          error={fields.defaultLifetime}
          value={defaultWithin(rules)}
          onChange={(event) => onChange({ defaultLifetime: event.target.value as ExpiryChoice })}
        >
          {offered.map((choice) => (
            <option key={choice} value={choice}>
              {EXPIRY_CHOICES[choice].label}
              {choice === RECOMMENDED_EXPIRY && " (recommended)"}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Maximum lifetime (days)"
          isOptional
          hint="Leave blank for no limit."
          error={fields.maxLifetimeDays}
          type="number"
          min={1}
          max={MAX_LIFETIME_DAYS}
          value={values.maxLifetimeDays}
          onChange={(event) => onChange({ maxLifetimeDays: event.target.value })}
        />
      </div>
      <Check
        label="Allow keys that never expire"
        hint={hasLongest ? "Not available with a maximum lifetime." : "If off, new keys need an expiration date."}
        error={fields.mayNeverExpire}
        isOn={values.mayNeverExpire && !hasLongest}
        isDisabled={hasLongest}
        onChange={(mayNeverExpire) => onChange({ mayNeverExpire })}
      />
    </PolicyPart>
  );
}
