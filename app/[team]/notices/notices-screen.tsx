"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { NothingFound } from "@/components/ui/data-table";
import { Notice } from "@/components/ui/notice";
import { unanswered } from "@/components/unanswered";
import type { ActionResult } from "@/lib/action-result";
import type { NoticeDto } from "@/lib/notices/list-notices";
import { markNoticeReadAction, markNoticesReadAction } from "./actions";
import { NoticeItem } from "./notice-item";

type NoticesScreenProps = { team: string; notices: NoticeDto[]; hasUnread: boolean; now: string };

export function NoticesScreen({ team, notices, hasUnread, now }: NoticesScreenProps) {
  const router = useRouter();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, startTransition] = useTransition();

  const run = (change: () => Promise<ActionResult<null>>) =>
    startTransition(async () => {
      const result = await change().catch(unanswered);
      setProblem(result.ok ? null : result.error.message);
      router.refresh();
    });

  return (
    <>
      <PageHeader
        title="Notices"
        description="What needs your attention: your keys and the team keys you are the contact of. Settled notices disappear."
        action={
          hasUnread && (
            <Button isBusy={isBusy} onClick={() => run(() => markNoticesReadAction(team, { upTo: now }))}>
              Mark all as read
            </Button>
          )
        }
      />
      {problem && (
        <Notice tone="danger" role="alert">
          {problem}
        </Notice>
      )}
      {notices.length === 0 ? (
        <NothingFound>No notices. You'll see one here before a key of yours expires.</NothingFound>
      ) : (
        <ul className="divide-y divide-line rounded-xl border border-line bg-surface shadow-raised">
          {notices.map((notice) => (
            <NoticeItem
              key={notice.id}
              team={team}
              notice={notice}
              now={now}
              onRead={() => run(() => markNoticeReadAction(team, { id: notice.id }))}
            />
          ))}
        </ul>
      )}
    </>
  );
}
