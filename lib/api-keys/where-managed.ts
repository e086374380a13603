import "server-only";
import type { KeyKind } from "@/lib/api-keys/kinds";
import type { Actor } from "@/lib/auth/actor";

/** The keys of a kind that the actor manages: their own personal keys, or the team's keys. */
export function whereManaged({ teamId, memberId }: Actor, kind: KeyKind) {
  return kind === "personal" ? { kind, teamId, memberId } : { kind, teamId };
}
