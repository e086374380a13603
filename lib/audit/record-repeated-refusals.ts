import "server-only";
import { recordAudit } from "@/lib/audit/record";
import { inTransaction } from "@/lib/database/db";

const BATCH_SIZE = 500;

type Counted = {
  member_id: string;
  reason: string;
  more: number;
  ip: string | null;
  user_agent: string | null;
  team_id: string;
  user_id: string;
  name: string;
};

/**
 * Writes an entry for each member and reason with further refusals since the previous entry a minute ago, with their
 * number: one per minute while it continues. After a quiet minute, the next refusal is recorded immediately again.
 * Consoles share the counts and skip rows that another console has locked.
 */
export async function recordRepeatedRefusals(): Promise<void> {
  while ((await recordBatch()) === BATCH_SIZE);
}

function recordBatch(): Promise<number> {
  return inTransaction(async (tx) => {
    const counted = await tx.$queryRaw<Counted[]>`
      select c.member_id, c.reason, c.more, c.ip, c.user_agent, m.team_id, m.user_id, u.name
      from refusal_counts c join members m on m.id = c.member_id join users u on u.id = m.user_id
      where c.since <= now() - interval '1 minute'
      order by c.since limit ${BATCH_SIZE}::int for update of c skip locked`;
    if (counted.length === 0) return 0;
    const places = [counted.map((row) => row.member_id), counted.map(({ reason }) => reason)] as const;
    await tx.$executeRaw`
      delete from refusal_counts c using unnest(${places[0]}::uuid[], ${places[1]}::text[]) as done (member_id, reason)
      where c.member_id = done.member_id and c.reason = done.reason and c.more = 0`;
    await tx.$executeRaw`
      update refusal_counts c set since = now(), more = 0
      from unnest(${places[0]}::uuid[], ${places[1]}::text[]) as done (member_id, reason)
      where c.member_id = done.member_id and c.reason = done.reason`;
    const repeated = counted.filter(({ more }) => more > 0);
    await recordAudit(
      tx,
      ...repeated.map(({ team_id, user_id, name, ip, user_agent, reason, more }) => ({
        teamId: team_id,
        action: "permission.refused" as const,
        actor: { userId: user_id, name, ip, userAgent: user_agent },
        target: { type: "permission" as const, id: null, label: reason },
        details: { more_in_the_last_minute: more },
      })),
    );
    return counted.length;
  });
}
