import "server-only";
import { z } from "zod";
import type { Actor } from "@/lib/auth/actor";
import { runChange } from "@/lib/database/db";
import { cursorInstant } from "@/lib/http/page-cursor";

export const noticeIdSchema = z.strictObject({ id: z.uuid() });
/** `upTo`: when the page was read, so that notices raised since stay unread. */
export const readUpToSchema = z.strictObject({ upTo: cursorInstant.transform((at) => new Date(at)) });

/** Marks one of the member's own notices as read. */
export async function markNoticeRead(actor: Actor, { id }: z.output<typeof noticeIdSchema>): Promise<null> {
  await markRead(actor, "id = $2::uuid", id);
  return null;
}

/** Marks all of the member's notices that were raised by then as read. */
export async function markNoticesRead(actor: Actor, { upTo }: z.output<typeof readUpToSchema>): Promise<null> {
  await markRead(actor, "at <= $2::timestamptz", upTo);
  return null;
}

function markRead({ memberId }: Actor, condition: string, value: unknown) {
  return runChange(
    `update notices set read_at = now() where member_id = $1::uuid and read_at is null and ${condition}`,
    [memberId, value],
  );
}
