import type { ApiKeyDto, KeyPerson } from "@/lib/api-keys/dto";
import { closestChoice } from "@/lib/api-keys/expiry";
import type { KeyKind } from "@/lib/api-keys/kinds";
import { MAX_NAME_LENGTH } from "@/lib/api-keys/limits";
import type { MintingOptions } from "@/lib/api-keys/minting-options";
import { type ExpiryValue, expiryInput } from "./expiry-field";
import { type NarrowValue, NOT_NARROWED, narrowInput, narrowValueOf } from "./narrow-fields";

/** A key as it is being filled in. */
export type KeyDraft = {
  name: string;
  scopes: string[];
  expiry: ExpiryValue;
  narrow: NarrowValue;
  responsible: KeyPerson | null;
};

const COPY = " copy";

/** A new key as the form opens with it: empty, or as much like another as the member may make. */
export function draftOf(options: MintingOptions, copyOf?: ApiKeyDto): KeyDraft {
  const { policy, self, scopeGroups } = options;
  const usual = { choice: policy.defaultLifetime, day: "" };
  if (!copyOf) return { name: "", scopes: [], expiry: usual, narrow: NOT_NARROWED, responsible: self };
  const { name, scopes, createdAt, expiresAt, responsible, successorId } = copyOf;
  const offered = new Set(scopeGroups.flatMap((group) => group.permissions.map((scope) => scope.name)));
  // The expiry of a replaced key is the end of its overlap.
  const choice = successorId ? null : closestChoice(new Date(createdAt), expiresAt ? new Date(expiresAt) : null);
  return {
    name: name ? name.slice(0, MAX_NAME_LENGTH - COPY.length) + COPY : "",
    scopes: scopes.filter((scope) => offered.has(scope)),
    expiry: choice ? { choice, day: "" } : usual,
    narrow: narrowValueOf(copyOf),
    responsible: responsible ?? self,
  };
}

/** What the server is sent. */
export function inputOf(kind: KeyKind, { name, scopes, expiry, narrow, responsible }: KeyDraft) {
  const shared = { kind, name, scopes, expiry: expiryInput(expiry), ...narrowInput(narrow) };
  return kind === "team" ? { ...shared, responsibleMemberId: responsible?.id } : shared;
}
