import "server-only";
import type { Actor } from "@/lib/auth/actor";
import type { Transaction } from "@/lib/database/db";

/**
 * Raises a notice for each member whose key the actor revokes, or who is its contact, in the revocation's transaction.
 * The actor gets no notice of their own change.
 */
export async function noteRevoked(tx: Transaction, actor: Actor, keyIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    insert into notices (member_id, kind, subject, key_id, data)
    select m.id, 'key_revoked', k.id::text, k.id, jsonb_build_object('by', ${actor.name}::text)
    from api_keys k join members m on m.id = coalesce(k.member_id, k.responsible_member_id) and m.removed_at is null
    where k.id = any(${[...keyIds]}::uuid[]) and k.team_id = ${actor.teamId}::uuid and m.id <> ${actor.memberId}::uuid
    order by m.id, k.id
    on conflict do nothing`;
}
