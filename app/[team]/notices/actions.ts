"use server";

import { runTeamAction } from "@/lib/actions";
import { createFeed, feedScopeSchema, revokeFeed } from "@/lib/calendar/feeds";
import { markNoticeRead, markNoticesRead, noticeIdSchema, readUpToSchema } from "@/lib/notices/mark-read";

export async function markNoticeReadAction(team: string, input: unknown) {
  return runTeamAction(team, noticeIdSchema, input, markNoticeRead);
}

export async function markNoticesReadAction(team: string, input: unknown) {
  return runTeamAction(team, readUpToSchema, input, markNoticesRead);
}

/** The link is only in this result. */
export async function createCalendarLinkAction(team: string, input: unknown) {
  return runTeamAction(team, feedScopeSchema, input, createFeed);
}

export async function revokeCalendarLinkAction(team: string, input: unknown) {
  return runTeamAction(team, feedScopeSchema, input, revokeFeed);
}
