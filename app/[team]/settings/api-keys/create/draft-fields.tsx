"use client";

import { Notice } from "@/components/ui/notice";
import { choicesWithin, defaultWithin, longestWithin } from "@/lib/api-keys/create/lifetimes-within";
import type { MintingOptions } from "@/lib/api-keys/create/minting-options";
import type { ApiKeyDto, KeyPerson } from "@/lib/api-keys/dto";
import { closestChoice, EXPIRY_CHOICES, type ExpiryChoice } from "@/lib/api-keys/expiry";
import { MAX_NAME_LENGTH } from "@/lib/api-keys/limits";
import { counted } from "@/lib/roles/counted";
import { type NarrowValue, NOT_NARROWED, narrowValueOf } from "../change/narrow-fields";
import { ExpiryField, type ExpiryValue } from "../fields/expiry-field";
import { NameField } from "../fields/name-field";
import { ResponsibleField } from "../fields/responsible-field";
import { KIND_TEXTS } from "../kind-texts";
import { shortenedRemark } from "../rotate/expiry-like-before";
import { useMintingOptions } from "./minting-context";
import { NarrowSection } from "./narrow-section";
import { ScopePicker } from "./scope-picker";

/** A key in the form. */
export type KeyDraft = {
  name: string;
  scopes: string[];
  expiry: ExpiryValue;
  narrow: NarrowValue;
  responsible: KeyPerson | null;
};

const COPY = " copy";

/**
 * The form's initial values: empty, or as close to another key as the member may create. `remark` explains a different
 * expiry.
 */
export function draftOf(options: MintingOptions, copyOf?: ApiKeyDto): KeyDraft & { remark?: string } {
  const { policy, self, scopeGroups } = options;
  const usual = { choice: defaultWithin(policy), day: "" };
  if (!copyOf) return { name: "", scopes: [], expiry: usual, narrow: NOT_NARROWED, responsible: self };
  const { name, scopes, createdAt, expiresAt, responsible, successorId } = copyOf;
  const offered = new Set(scopeGroups.flatMap((group) => group.permissions.map((scope) => scope.name)));
  // A replaced key's expiry is the end of its grace period.
  const choice = successorId ? null : closestChoice(new Date(createdAt), expiresAt ? new Date(expiresAt) : null);
  const isAllowed = choice === null || choicesWithin(policy).includes(choice);
  const like = choice && isAllowed ? { choice, day: "" } : usual;
  return {
    name: name ? name.slice(0, MAX_NAME_LENGTH - COPY.length) + COPY : "",
    scopes: scopes.filter((scope) => offered.has(scope)),
    ...(isAllowed
      ? { expiry: like }
      : { expiry: { choice: longestWithin(policy), day: "" }, remark: shortenedRemark(lifetimeOf(choice)) }),
    narrow: narrowValueOf(copyOf),
    responsible: responsible ?? self,
  };
}

const lifetimeOf = (choice: ExpiryChoice) => (choice === "never" ? null : EXPIRY_CHOICES[choice].label.toLowerCase());

/** Warns a member who has reached the limit. */
export function LimitNotice({ options: { countedKeys, policy } }: { options: MintingOptions }) {
  if (countedKeys < policy.maxActiveKeys) return null;
  return (
    <Notice tone="warning">
      {countedKeys === policy.maxActiveKeys
        ? `You've reached your limit of ${counted(countedKeys, "active key")}. Revoke one`
        : `You have ${counted(countedKeys, "active key")}, and your limit is ${policy.maxActiveKeys}. Revoke ${countedKeys - policy.maxActiveKeys + 1}`}
      , or ask an admin to raise it.
    </Notice>
  );
}

type DraftFieldsProps = {
  team: string;
  draft: KeyDraft;
  onChange: (draft: KeyDraft) => void;
  errors: Record<string, string>;
  /** About the prefilled expiry. */
  remark: string | undefined;
};

/** The fields of a new key. */
export function DraftFields({ team, draft, onChange, errors, remark }: DraftFieldsProps) {
  const { kind, policy, resourceTypes, scopeGroups } = useMintingOptions();
  const set = (change: Partial<KeyDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      <NameField name={draft.name} onChange={(name) => set({ name })} error={errors.name} />
      <ScopePicker
        groups={scopeGroups}
        noScopes={KIND_TEXTS[kind].noScopes}
        selected={draft.scopes}
        onChange={(scopes) => set({ scopes })}
        error={errors.scopes}
      />
      <ExpiryField
        value={draft.expiry}
        onChange={(expiry) => set({ expiry })}
        policy={policy}
        remark={remark}
        error={errors.expiry}
      />
      {kind === "team" && (
        <ResponsibleField
          team={team}
          value={draft.responsible}
          onChange={(responsible) => set({ responsible })}
          error={errors.responsibleMemberId}
        />
      )}
      <NarrowSection
        value={draft.narrow}
        onChange={(narrow) => set({ narrow })}
        types={resourceTypes}
        requiresIps={policy.requiresIps}
        errors={errors}
      />
    </>
  );
}
