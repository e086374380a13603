import type { Metadata } from "next";
import { PageHeader } from "@/components/page-header";
import { Pager } from "@/components/pager";
import { Notice } from "@/components/ui/notice";
import { auditListSchema, listAuditEntries, listAuditMembers } from "@/lib/audit/queries";
import { unreadFilters } from "@/lib/audit/unread-filters";
import { requireActor } from "@/lib/auth/current-actor";
import { pagePath } from "@/lib/auth/page-path";
import { AuditFilters } from "./audit-filters";
import { AuditTable } from "./audit-table";
import { TakeAway } from "./take-away";
import { targetPaths } from "./target-paths";

export const metadata: Metadata = { title: "Audit log" };

type Props = {
  params: Promise<{ team: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function AuditLogPage({ params, searchParams }: Props) {
  const { team } = await params;
  const query = await searchParams;
  const actor = await requireActor(team, pagePath(`/${team}/settings/audit-log`, query), "audit.view");
  const filters = auditListSchema.parse(query);
  const [page, members] = await Promise.all([listAuditEntries(actor, filters), listAuditMembers(actor)]);
  const { after, before, ...shown } = filters;
  const unread = unreadFilters(query, filters);

  return (
    <div className="grid gap-6">
      <PageHeader
        title="Audit log"
        description="A tamper-evident record of every change. Entries can't be edited or deleted and are hash-chained."
        action={<TakeAway />}
      />
      <section aria-label="Entries" className="grid gap-4">
        <AuditFilters filters={shown} members={members} />
        {unread.length > 0 && (
          <Notice tone="warning">
            {unread.map((sentence) => (
              <p key={sentence} className="wrap-anywhere">
                {sentence}
              </p>
            ))}
          </Notice>
        )}
        <AuditTable entries={page.entries} targetPath={targetPaths(team, actor)} />
        <Pager older={page.older} newer={page.newer} />
      </section>
    </div>
  );
}
