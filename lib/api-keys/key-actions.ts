import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { KeyKind } from "@/lib/api-keys/kinds";

/** Actions on a key, in the order of its menu. */
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

/** The actor's rights over keys, for screens only. Operations check permissions themselves. */
export type KeyRights = {
  memberId: string;
  /** The kinds of keys the actor manages: their own personal ones, the team's. */
  kinds: KeyKind[];
  /** Whether the actor may revoke other members' personal keys. */
  revokesOthers: boolean;
};

type KeyState = Pick<ApiKeyDto, "kind" | "status" | "owner" | "successorId">;

/** The actions that are available for a key in its current state. */
export function keyActions(key: KeyState, { memberId, kinds, revokesOthers }: KeyRights): KeyAction[] {
  const isTheirs = kinds.includes(key.kind) && (key.kind === "team" || key.owner?.id === memberId);
  if (!isTheirs) {
    return key.kind === "personal" && key.status === "active" && revokesOthers ? ["revoke"] : [];
  }
  if (key.status === "revoked") return ["duplicate"];
  if (key.status === "expired") return key.successorId ? ["duplicate"] : ["renew", "duplicate"];
  const responsible: KeyAction[] = key.kind === "team" ? ["responsible"] : [];
  // A replaced key ends with its overlap: change the expiry of, or rotate, its successor instead.
  if (key.successorId) return ["rename", "narrow", ...responsible, "overlap", "duplicate", "revoke"];
  return ["rename", "expiry", "narrow", ...responsible, "rotate", "duplicate", "revoke"];
}
