import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { KeyKind } from "@/lib/api-keys/kinds";

/** What can be done with a key, in the order of its menu. */
export type KeyAction =
  | "rename"
  | "expiry"
  | "narrow"
  | "responsible"
  | "rotate"
  | "overlap"
  | "renew"
  | "duplicate"
  | "revoke";

/** What the acting member may do with keys, for screens. The operations decide for themselves. */
export type KeyRights = {
  memberId: string;
  /** The kinds of keys they manage: their own personal ones, the team's. */
  kinds: KeyKind[];
  /** Whether they may revoke the personal keys of others. */
  revokesOthers: boolean;
};

type KeyState = Pick<ApiKeyDto, "kind" | "status" | "owner" | "successorId">;

/** What a member may do with a key in its present state. */
export function keyActions(key: KeyState, { memberId, kinds, revokesOthers }: KeyRights): KeyAction[] {
  const isTheirs = kinds.includes(key.kind) && (key.kind === "team" || key.owner?.id === memberId);
  if (!isTheirs) {
    return key.kind === "personal" && key.status === "active" && revokesOthers ? ["revoke"] : [];
  }
  if (key.status === "revoked") return ["duplicate"];
  if (key.status === "expired") return key.successorId ? ["duplicate"] : ["renew", "duplicate"];
  const responsible: KeyAction[] = key.kind === "team" ? ["responsible"] : [];
  // A replaced key ends with its overlap: its expiry and its next token are its successor's affair.
  if (key.successorId) return ["rename", "narrow", ...responsible, "overlap", "duplicate", "revoke"];
  return ["rename", "expiry", "narrow", ...responsible, "rotate", "duplicate", "revoke"];
}
