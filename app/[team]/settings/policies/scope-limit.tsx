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
    <PolicyPart title="Scope limits" remark="The scopes that members' own keys can have. Team keys aren't affected.">
      <Check
        label="Limit the scopes of members' keys"
        hint="If off, members can grant any scope in their role."
        isOn={limitsScopes}
        onChange={(isOn) => onChange({ limitsScopes: isOn })}
      />
      {limitsScopes && (
        <ScopeBoxes groups={groups} selected={memberScopes} onChange={(scopes) => onChange({ memberScopes: scopes })} />
      )}
      {limitsScopes && memberScopes.length === 0 && (
        <Notice tone="warning">With no scopes selected, members can't create their own keys.</Notice>
      )}
      <FieldError message={fields.memberScopes} />
    </PolicyPart>
  );
}
