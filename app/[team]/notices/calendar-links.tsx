"use client";

import { useRouter } from "next/navigation";
import { useCallback, useState, useTransition } from "react";
import { ChangeDialog } from "@/components/change-dialog";
import { RelativeTime } from "@/components/time";
import { TitledSection } from "@/components/titled-section";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { unanswered } from "@/components/unanswered";
import type { FeedScope } from "@/lib/calendar/feed-scopes";
import type { FeedState } from "@/lib/calendar/feeds";
import { createCalendarLinkAction, revokeCalendarLinkAction } from "./actions";
import { CalendarLinkDialog } from "./calendar-link-dialog";

const SCOPES: Record<FeedScope, { name: string; about: string }> = {
  mine: { name: "Your keys", about: "Your keys and the team keys you are the contact of." },
  team: { name: "All keys", about: "Every key that you can view in this team." },
};

type CalendarLinksProps = { team: string; feeds: FeedState[]; now: string };

/** The member's links to calendars of expiries: create, replace, revoke. */
export function CalendarLinks({ team, feeds, now }: CalendarLinksProps) {
  const router = useRouter();
  const toast = useToast();
  const [url, setUrl] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<{ scope: FeedScope; change: "replace" | "revoke" } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, startTransition] = useTransition();
  const forget = useCallback(() => {
    setUrl(null);
    router.refresh();
  }, [router]);

  const create = (scope: FeedScope) =>
    startTransition(async () => {
      const result = await createCalendarLinkAction(team, { scope }).catch(unanswered);
      setProblem(result.ok ? null : result.error.message);
      if (result.ok) setUrl(result.data.url);
    });

  return (
    <TitledSection
      title="Calendar"
      description="See when keys expire in your calendar app. Anyone with the link can read the names and expiration dates."
    >
      {problem && (
        <Notice tone="danger" role="alert">
          {problem}
        </Notice>
      )}
      <ul className="divide-y divide-line rounded-xl border border-line bg-surface shadow-raised">
        {feeds.map(({ scope, createdAt }) => (
          <li key={scope} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-0">
              <h3 className="font-medium">{SCOPES[scope].name}</h3>
              <p className="text-ink-soft">
                {SCOPES[scope].about}{" "}
                {createdAt && (
                  <>
                    Link created <RelativeTime iso={createdAt} now={now} />.
                  </>
                )}
              </p>
            </div>
            <div className="flex flex-wrap gap-2">
              {createdAt ? (
                <>
                  <Button onClick={() => setLeaving({ scope, change: "replace" })}>Replace link</Button>
                  <Button onClick={() => setLeaving({ scope, change: "revoke" })}>Revoke link</Button>
                </>
              ) : (
                <Button isBusy={isBusy} onClick={() => create(scope)}>
                  Create link
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {leaving?.change === "replace" && (
        <ChangeDialog
          title={`Replace the link to “${SCOPES[leaving.scope].name}”?`}
          description="The old link stops working immediately. Calendars that use it need the new one."
          submitLabel="Replace link"
          change={() => createCalendarLinkAction(team, { scope: leaving.scope })}
          onDone={({ url }) => {
            setLeaving(null);
            setUrl(url);
          }}
          onClose={() => setLeaving(null)}
        />
      )}
      {leaving?.change === "revoke" && (
        <ChangeDialog
          title={`Revoke the link to “${SCOPES[leaving.scope].name}”?`}
          description="Calendars that use it stop updating immediately."
          submitLabel="Revoke link"
          isDangerous
          change={() => revokeCalendarLinkAction(team, { scope: leaving.scope })}
          onDone={() => {
            setLeaving(null);
            toast("Calendar link revoked");
            router.refresh();
          }}
          onClose={() => setLeaving(null)}
        />
      )}
      {url !== null && <CalendarLinkDialog url={url} onClose={forget} />}
    </TitledSection>
  );
}
