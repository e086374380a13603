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
    <PolicyPart title="Lifetime" remark="A key that leaks is worth nothing once it has expired.">
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField
          label="Offered first"
          hint="What a new key's expiry is set to at first."
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
          label="Longest lifetime in days"
          isOptional
          hint="Leave it empty for any."
          error={fields.maxLifetimeDays}
          type="number"
          min={1}
          max={MAX_LIFETIME_DAYS}
          value={values.maxLifetimeDays}
          onChange={(event) => onChange({ maxLifetimeDays: event.target.value })}
        />
      </div>
      <Check
        label="Keys may live for ever"
        hint={
          hasLongest
            ? "The longest lifetime rules this out."
            : "Without this, every new key needs a day on which it expires."
        }
        error={fields.mayNeverExpire}
        isOn={values.mayNeverExpire && !hasLongest}
        isDisabled={hasLongest}
        onChange={(mayNeverExpire) => onChange({ mayNeverExpire })}
      />
    </PolicyPart>
  );
}
