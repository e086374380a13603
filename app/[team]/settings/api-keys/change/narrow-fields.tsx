"use client";

import { SelectField, TextField } from "@/components/ui/field";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { shownRange } from "@/lib/api-keys/list/shown-range";
import type { ResourceType } from "@/lib/api-keys/resources";
import { AddressesField, addressesIn } from "../fields/addresses-field";

/** The form's values: the resource's type ("" is the whole team) and ID, and IP addresses as typed. */
export type NarrowValue = { type: string; id: string; addresses: string };

export const NOT_NARROWED: NarrowValue = { type: "", id: "", addresses: "" };

/** A key's restrictions as form values. */
export function narrowValueOf({ resource, allowedIps }: Pick<ApiKeyDto, "resource" | "allowedIps">): NarrowValue {
  const colon = resource?.indexOf(":") ?? 0;
  return {
    type: resource?.slice(0, colon) ?? "",
    id: resource?.slice(colon + 1) ?? "",
    addresses: allowedIps.map(shownRange).join("\n"),
  };
}

/** The input for the server. */
export function narrowInput({ type, id, addresses }: NarrowValue) {
  return { resource: type ? { type, id } : null, allowedIps: addressesIn(addresses) };
}

/** A short summary of the restrictions. */
export function narrowSummary({ type, addresses }: NarrowValue, types: ResourceType[]): string {
  const label = types.find((each) => each.type === type)?.label.toLowerCase();
  const count = addressesIn(addresses).length;
  const reach = type ? `one ${label ?? type}` : "all resources";
  return count === 0 ? `${reach}, any IP` : `${reach}, ${count} ${count === 1 ? "IP address" : "IP addresses"}`;
}

type NarrowFieldsProps = {
  value: NarrowValue;
  onChange: (value: NarrowValue) => void;
  types: ResourceType[];
  /** Whether the team's policy requires an IP allowlist. */
  requiresIps: boolean;
  errors: Record<string, string>;
};

/** A key's resource and IP allowlist. */
export function NarrowFields({ value, onChange, types, requiresIps, errors }: NarrowFieldsProps) {
  const type = types.find((each) => each.type === value.type);
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label="Resource access"
          error={type ? undefined : errors.resource}
          value={value.type}
          onChange={(event) => onChange({ ...value, type: event.target.value })}
        >
          <option value="">All resources</option>
          {types.map((each) => (
            <option key={each.type} value={each.type}>
              One {each.label.toLowerCase()}
            </option>
          ))}
        </SelectField>
        {type && (
          <TextField
            label={`${type.label} ID`}
            error={errors.resource}
            className="font-mono text-xs"
            placeholder={type.idFormat === "uuid" ? "01890a5d-ac96-774b-bcce-b302099a8057" : undefined}
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            value={value.id}
            onChange={(event) => onChange({ ...value, id: event.target.value })}
          />
        )}
      </div>
      <AddressesField
        value={value.addresses}
        onChange={(addresses) => onChange({ ...value, addresses })}
        isRequired={requiresIps}
        error={errors.allowedIps}
      />
    </>
  );
}
