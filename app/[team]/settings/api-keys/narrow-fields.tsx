"use client";

import { Field, Input, inputClass, Select } from "@/components/ui/field";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { ResourceType } from "@/lib/api-keys/resources";
import { shownRange } from "@/lib/api-keys/shown-range";
import { classNames } from "@/lib/class-names";

/** What the fields hold: the type of the one resource ("" is the whole team), its id, and addresses as typed. */
export type NarrowValue = { type: string; id: string; addresses: string };

export const NOT_NARROWED: NarrowValue = { type: "", id: "", addresses: "" };

/** What a key is narrowed to, as the fields show it. */
export function narrowValueOf({ resource, allowedIps }: Pick<ApiKeyDto, "resource" | "allowedIps">): NarrowValue {
  const colon = resource?.indexOf(":") ?? 0;
  return {
    type: resource?.slice(0, colon) ?? "",
    id: resource?.slice(colon + 1) ?? "",
    addresses: allowedIps.map(shownRange).join("\n"),
  };
}

/** What the server is sent. */
export function narrowInput({ type, id, addresses }: NarrowValue) {
  return { resource: type ? { type, id } : null, allowedIps: addressesIn(addresses) };
}

function addressesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** What is chosen, in a few words. */
export function narrowSummary({ type, addresses }: NarrowValue, types: ResourceType[]): string {
  const label = types.find((each) => each.type === type)?.label.toLowerCase();
  const count = addressesIn(addresses).length;
  const reach = type ? `one ${label ?? type}` : "the whole team";
  return count === 0 ? `${reach}, from anywhere` : `${reach}, from ${count} ${count === 1 ? "address" : "addresses"}`;
}

type NarrowFieldsProps = {
  value: NarrowValue;
  onChange: (value: NarrowValue) => void;
  types: ResourceType[];
  /** Whether the team's policy wants addresses. */
  requiresIps: boolean;
  errors: Record<string, string>;
};

/** What a key reaches, and from where it may be presented. */
export function NarrowFields({ value, onChange, types, requiresIps, errors }: NarrowFieldsProps) {
  const type = types.find((each) => each.type === value.type);
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Reaches" error={type ? undefined : errors.resource}>
          {(control) => (
            <Select
              {...control}
              value={value.type}
              onChange={(event) => onChange({ ...value, type: event.target.value })}
            >
              <option value="">Whole team</option>
              {types.map((each) => (
                <option key={each.type} value={each.type}>
                  One {each.label.toLowerCase()}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {type && (
          <Field label={`${type.label} id`} error={errors.resource}>
            {(control) => (
              <Input
                {...control}
                className="font-mono text-xs"
                placeholder={type.idFormat === "uuid" ? "01890a5d-ac96-774b-bcce-b302099a8057" : undefined}
                autoComplete="off"
                spellCheck={false}
                maxLength={200}
                value={value.id}
                onChange={(event) => onChange({ ...value, id: event.target.value })}
              />
            )}
          </Field>
        )}
      </div>
      <Field
        label="Addresses"
        isOptional={!requiresIps}
        hint={
          requiresIps
            ? "Your team wants these. One a line: IPv4 or IPv6, single or a range like 203.0.113.0/24."
            : "One a line: IPv4 or IPv6, single or a range like 203.0.113.0/24. Without any, the key works from anywhere."
        }
        error={errors.allowedIps}
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
            value={value.addresses}
            onChange={(event) => onChange({ ...value, addresses: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
