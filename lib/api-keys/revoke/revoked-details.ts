import type { KeyKind } from "@/lib/api-keys/kinds";
import type { AuditEvent } from "@/lib/audit/record";

type RevokedKey = {
  kind: KeyKind;
  usage: { lastUsedAt: Date } | null;
  member: { id: string; user: { name: string } } | null;
};

/** `batch` is shared by keys that were revoked together; `reason` says what else was done that ended the key. */
type Occasion = { batch?: string; reason?: string };

/** What every audit entry about a revoked key says, whichever way it was revoked. Names the owner of another's key. */
export function revokedDetails(
  actorMemberId: string,
  { kind, usage, member }: RevokedKey,
  occasion: Occasion = {},
): NonNullable<AuditEvent["details"]> {
  return {
    kind,
    last_used_at: usage?.lastUsedAt.toISOString() ?? null,
    ...(member && member.id !== actorMemberId && { owner: member.user.name }),
    ...occasion,
  };
}
