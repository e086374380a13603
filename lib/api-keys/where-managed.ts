import "server-only";
import type { KeyKind } from "@/lib/api-keys/kinds";
import type { Actor } from "@/lib/auth/actor";

/** The keys of a kind that are the actor's to manage: their own personal keys, or those of the team. */
export function whereManaged({ teamId, memberId }: Actor, kind: KeyKind) {
  return kind === "personal" ? { kind, teamId, memberId } : { kind, teamId };
}
