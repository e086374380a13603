import type { Actor } from "@/lib/auth/actor";
import { countUnreadNotices, listNotices, type NoticeDto } from "@/lib/notices/list-notices";
import { NOTICE_JOBS } from "@/lib/notices/notice-jobs";

/** Runs the hourly jobs once, like a console. */
export async function runNoticeJobs(): Promise<void> {
  for (const run of Object.values(NOTICE_JOBS)) await run();
}

/** The first page of the member's notices. */
export async function noticesOf(actor: Actor): Promise<NoticeDto[]> {
  return (await listNotices(actor, { after: null, before: null })).notices;
}

export const titlesOf = async (actor: Actor) => (await noticesOf(actor)).map(({ title }) => title);

export const unreadOf = countUnreadNotices;
