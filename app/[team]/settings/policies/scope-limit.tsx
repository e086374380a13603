"use client";

import { ScopeBoxes } from "@/components/scope-boxes";
import { FieldError } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import type { ScopeGroup } from "@/lib/api-keys/scope-presets";
import { Check, type PartProps, PolicyPart } from "./policy-part";

/** The scopes that members can grant their own keys, whatever their roles include. */
export function ScopeLimit({ values, fields, groups, onChange }: PartProps & { groups: ScopeGroup[] }) {
  const { limitsScopes, memberScopes } = values;
  return (
    <PolicyPart
      title="What members may grant"
      remark="The most that a member's own key can do. Team keys aren't touched."
    >
      <Check
        label="Limit the scopes of members' keys"
        hint="Without this, members give their keys whatever their role includes."
        isOn={limitsScopes}
        onChange={(isOn) => onChange({ limitsScopes: isOn })}
      />
      {limitsScopes && (
        <ScopeBoxes groups={groups} selected={memberScopes} onChange={(scopes) => onChange({ memberScopes: scopes })} />
      )}
      {limitsScopes && memberScopes.length === 0 && (
        <Notice tone="warning">With no scope ticked, members can't make keys of their own.</Notice>
      )}
      <FieldError message={fields.memberScopes} />
    </PolicyPart>
  );
}
