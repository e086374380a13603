import type { Metadata } from "next";
import { Pager } from "@/components/pager";
import { requireActor } from "@/lib/auth/current-actor";
import { pagePath } from "@/lib/auth/page-path";
import { listFeeds } from "@/lib/calendar/feeds";
import { countUnreadNotices, listNotices, noticeListSchema } from "@/lib/notices/list-notices";
import { CalendarLinks } from "./calendar-links";
import { NoticesScreen } from "./notices-screen";

export const metadata: Metadata = { title: "Notices" };

type Props = {
  params: Promise<{ team: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** The member's own notices in this team; every member has this page. */
export default async function NoticesPage({ params, searchParams }: Props) {
  const { team } = await params;
  const query = await searchParams;
  const actor = await requireActor(team, pagePath(`/${team}/notices`, query));
  const [{ notices, older, newer }, unread, feeds] = await Promise.all([
    listNotices(actor, noticeListSchema.parse(query)),
    countUnreadNotices(actor),
    listFeeds(actor),
  ]);
  const now = actor.now.toISOString();
  return (
    <div className="grid max-w-4xl gap-6">
      <NoticesScreen team={team} notices={notices} hasUnread={unread > 0} now={now} />
      <Pager older={older} newer={newer} />
      {feeds.length > 0 && <CalendarLinks team={team} feeds={feeds} now={now} />}
    </div>
  );
}
