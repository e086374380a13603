"use client";

import { CircleCheck } from "lucide-react";
import { useEffect, useState, useTransition } from "react";
import { RelativeTime } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { unanswered } from "@/components/unanswered";
import type { ActionFailure } from "@/lib/action-result";
import { tokenEnds } from "@/lib/api-keys/key-label";
import { type CutOver, type CutOverSide, QUIET_MINUTES } from "@/lib/api-keys/rotate/cut-over-verdict";
import { relativeTime } from "@/lib/text/relative-time";
import { visibleText } from "@/lib/text/visible-text";
import { endOverlapAction, readCutOverAction } from "./actions";

const REFRESH_MS = 15_000;

type CutOverMeterProps = {
  team: string;
  /** Either key of the rotation. */
  keyId: string;
  /** The server's result from the page; if omitted, the meter reads it itself. */
  initial?: CutOver | null;
  /** Called after "End grace period now" has taken effect. */
  onEnded: () => void;
};

/** Shows the old token's remaining use during a rotation, whether it can be ended, and a button to end it. */
export function CutOverMeter({ team, keyId, initial, onEnded }: CutOverMeterProps) {
  const [cutOver, problem] = useCutOver(team, keyId, initial);
  if (cutOver === undefined && problem) {
    return (
      <Notice tone="danger" role="alert">
        {problem.message}
      </Notice>
    );
  }
  if (cutOver === undefined) return <Skeleton label="Loading recent usage…" />;
  if (cutOver === null) return <Notice role="status">The grace period is over. The old token no longer works.</Notice>;
  return (
    <div className="grid gap-4">
      <Verdict cutOver={cutOver} />
      <div className="grid gap-3 sm:grid-cols-2">
        <Side title="Old token" side={cutOver.old} now={cutOver.now} />
        <Side title="New token" side={cutOver.successor} now={cutOver.now} />
      </div>
      <p className="text-ink-soft text-xs">
        {problem ? "Couldn't refresh. Retrying… " : "Updates every 15 seconds. "}
        IP addresses may lag by 30 seconds.
      </p>
      {cutOver.mayEnd && <EndOverlap team={team} cutOver={cutOver} onEnded={onEnded} />}
    </div>
  );
}

/** The current state, polled while the page is visible; undefined at first, null when the grace period is over. */
function useCutOver(team: string, keyId: string, initial: CutOver | null | undefined) {
  const [cutOver, setCutOver] = useState(initial);
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const isOver = cutOver === null;
  const isFirst = cutOver === undefined;
  useEffect(() => {
    if (isOver) return;
    let isGone = false;
    async function read() {
      if (document.hidden) return;
      const result = await readCutOverAction(team, { id: keyId }).catch(unanswered);
      if (isGone) return;
      setProblem(result.ok ? null : result.error);
      if (result.ok) setCutOver(result.data);
    }
    if (isFirst) void read();
    const timer = setInterval(read, REFRESH_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [team, keyId, isOver, isFirst]);
  return [cutOver, problem] as const;
}

function Verdict({ cutOver }: { cutOver: CutOver }) {
  const { verdict } = cutOver;
  if (verdict === "in_use") {
    return (
      <Notice tone="warning" role="status">
        {stillUsedText(cutOver)}
      </Notice>
    );
  }
  if (verdict === "not_started") {
    return (
      <Notice role="status">The new token hasn't been used yet. Switch to it before you end the grace period.</Notice>
    );
  }
  return (
    <div role="status" className="flex items-start gap-2.5 rounded-lg bg-accent-soft px-3 py-2.5 text-accent">
      <CircleCheck size={16} aria-hidden className="mt-0.5 shrink-0" />
      <p>No recent requests with the old token. Check daily jobs before you end the grace period.</p>
    </div>
  );
}

/** "Still used from 203.0.113.7 (12 requests this hour) and 2 other IP addresses." */
function stillUsedText({ old, now }: CutOver): string {
  const quietSince = Date.parse(now) - QUIET_MINUTES * 60_000;
  const [first, ...others] = old.addresses.filter(({ lastAt }) => Date.parse(lastAt) > quietSince);
  if (!first) return `Still used, last ${relativeTime(new Date(old.lastUsedAt ?? now), new Date(now))}.`;
  const calls =
    first.callsThisHour > 0
      ? `${calledTimes(first.callsThisHour)} this hour`
      : `last ${relativeTime(new Date(first.lastAt), new Date(now))}`;
  const rest =
    others.length === 0 ? "" : ` and ${others.length} other ${others.length === 1 ? "IP address" : "IP addresses"}`;
  return `Still used from ${first.ip} (${calls})${rest}.`;
}

const calledTimes = (count: number) => `${count} ${count === 1 ? "request" : "requests"}`;

function Side({ title, side, now }: { title: string; side: CutOverSide; now: string }) {
  return (
    <section aria-label={title} className="grid content-start gap-3 rounded-lg border border-line p-3.5">
      <h3 className="flex flex-wrap items-baseline justify-between gap-x-2 font-medium">
        {title}
        <code className="font-mono font-normal text-ink-soft text-xs">{tokenEnds(side)}</code>
      </h3>
      <p>
        <span className="font-semibold text-2xl tabular-nums">{side.callsThisHour}</span>{" "}
        {side.callsThisHour === 1 ? "request" : "requests"} this hour
        <span className="block text-ink-soft text-xs">
          {side.callsHourBefore} in the hour before · last used{" "}
          {side.lastUsedAt ? <RelativeTime iso={side.lastUsedAt} now={now} /> : "never"}
        </span>
      </p>
      {side.addresses.length > 0 && (
        <ul
          aria-label={`IP addresses that used the ${title.toLowerCase()}`}
          className="grid gap-2 border-line border-t pt-3"
        >
          {side.addresses.map(({ ip, userAgent, lastAt, callsThisHour }) => (
            <li key={ip} className="grid min-w-0 text-xs">
              <span className="flex flex-wrap justify-between gap-x-2">
                <code className="wrap-anywhere font-mono">{ip}</code>
                <span className="text-ink-soft">
                  {callsThisHour > 0 && `${callsThisHour} this hour, `}
                  <RelativeTime iso={lastAt} now={now} />
                </span>
              </span>
              {userAgent && <span className="truncate text-ink-soft">{visibleText(userAgent)}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Ends the grace period after a confirmation, even if the old token is unused: a job may run later. */
function EndOverlap({ team, cutOver, onEnded }: { team: string; cutOver: CutOver; onEnded: () => void }) {
  const [isConfirming, setConfirming] = useState(false);
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [isBusy, startTransition] = useTransition();
  const { old, verdict } = cutOver;

  function end() {
    startTransition(async () => {
      const result = await endOverlapAction(team, { id: old.id }).catch(unanswered);
      if (result.ok) onEnded();
      else setProblem(result.error);
    });
  }

  return (
    <div className="grid gap-3">
      {problem && (
        <Notice tone="danger" role="alert">
          {problem.message}
        </Notice>
      )}
      {isConfirming && !problem && (
        <Notice tone="warning" role="alert">
          Requests with the old token will fail immediately with 401. This can't be undone.
        </Notice>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        {isConfirming ? (
          <>
            <Button autoFocus onClick={() => setConfirming(false)}>
              Keep both
            </Button>
            <Button variant="danger" isBusy={isBusy} onClick={end}>
              End it now
            </Button>
          </>
        ) : (
          <Button variant={verdict === "safe" ? "primary" : "secondary"} onClick={() => setConfirming(true)}>
            End grace period now
          </Button>
        )}
      </div>
    </div>
  );
}
