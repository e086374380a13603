import { choicesWithin, defaultWithin, longestWithin } from "@/lib/api-keys/create/lifetimes-within";
import type { MintingOptions } from "@/lib/api-keys/create/minting-options";
import type { ApiKeyDto, KeyPerson } from "@/lib/api-keys/dto";
import { closestChoice, EXPIRY_CHOICES, type ExpiryChoice } from "@/lib/api-keys/expiry";
import type { KeyKind } from "@/lib/api-keys/kinds";
import { MAX_NAME_LENGTH } from "@/lib/api-keys/limits";
import { type NarrowValue, NOT_NARROWED, narrowInput, narrowValueOf } from "../change/narrow-fields";
import { type ExpiryValue, expiryInput } from "../fields/expiry-field";
import { shortenedRemark } from "../rotate/expiry-like-before";

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

/** The input for the server. */
export function inputOf(kind: KeyKind, { name, scopes, expiry, narrow, responsible }: KeyDraft) {
  const shared = { kind, name, scopes, expiry: expiryInput(expiry), ...narrowInput(narrow) };
  return kind === "team" ? { ...shared, responsibleMemberId: responsible?.id } : shared;
}
