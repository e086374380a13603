"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { signOutAction } from "@/components/shell/actions";
import { RelativeTime } from "@/components/time";
import { TitledSection } from "@/components/titled-section";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { unanswered } from "@/components/unanswered";
import type { ActionResult } from "@/lib/action-result";
import type { SessionDto } from "@/lib/sessions/list-sessions";
import { visibleText } from "@/lib/text/visible-text";
import { signOutElsewhereAction, signOutOfAction } from "./actions";

/** The user's sessions, each with a button to end it. */
export function SessionsList({ sessions, now }: { sessions: SessionDto[]; now: string }) {
  const router = useRouter();
  const toast = useToast();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, startTransition] = useTransition();

  const run = (change: () => Promise<ActionResult<unknown>>, confirmation: string) =>
    startTransition(async () => {
      const result = await change().catch(unanswered);
      setProblem(result.ok ? null : result.error.message);
      if (result.ok) toast(confirmation);
      router.refresh();
    });

  const leave = () =>
    startTransition(async () => {
      const result = await signOutAction().catch(unanswered);
      // A full load instead of a client navigation, so that no session data stays in memory.
      if (result.ok) window.location.assign("/sign-in");
      else setProblem(result.error.message);
    });

  return (
    <TitledSection
      title="Active sessions"
      description="Don't recognize one? Sign it out and change your password."
      action={
        sessions.length > 1 && (
          <Button isBusy={isBusy} onClick={() => run(signOutElsewhereAction, "Signed out everywhere else")}>
            Sign out everywhere else
          </Button>
        )
      }
    >
      {problem && (
        <Notice tone="danger" role="alert">
          {problem}
        </Notice>
      )}
      <ul className="divide-y divide-line rounded-xl border border-line bg-surface shadow-raised">
        {sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
            <div className="grid min-w-0 gap-0.5">
              <p className="flex flex-wrap items-center gap-2 font-medium">
                {session.device}
                {session.isThisOne && <Badge tone="accent">This device</Badge>}
              </p>
              <p className="flex flex-wrap gap-x-3 text-ink-soft text-xs">
                <span className="break-all font-mono">{visibleText(session.ip ?? "Unknown IP address")}</span>
                <span>
                  signed in <RelativeTime iso={session.createdAt} now={now} />
                </span>
                <span>
                  last seen <RelativeTime iso={session.lastSeenAt} now={now} />
                </span>
              </p>
            </div>
            <Button
              isBusy={isBusy}
              aria-label={session.isThisOne ? "Sign out here" : `Sign out of ${session.device}`}
              onClick={() =>
                session.isThisOne
                  ? leave()
                  : run(() => signOutOfAction({ id: session.id }), `Signed out of ${session.device}`)
              }
            >
              Sign out
            </Button>
          </li>
        ))}
      </ul>
    </TitledSection>
  );
}
