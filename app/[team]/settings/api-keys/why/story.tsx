"use client";

import { ExactTime } from "@/components/time";
import { TitledSection } from "@/components/titled-section";
import { Cell, DataTable, HeadCells, Row } from "@/components/ui/data-table";
import { tokenEnds } from "@/lib/api-keys/key-label";
import { refusalLabel } from "@/lib/calls/outcomes";
import type { KeptRefusal } from "@/lib/calls/refusals";
import type { StopStory } from "@/lib/insights/explain-stop";
import { visibleText } from "@/lib/text/visible-text";
import { PlainLink } from "../[id]/plain-link";
import { KeyStatus } from "../key-status";
import { VerdictCard } from "./verdict-card";

type StoryProps = { story: StopStory; keysPath: string; team: string; managesMembers: boolean; now: string };

/** The explanation for one key: the rule, the key's current state, and its refusals. */
export function Story({ story, keysPath, team, managesMembers, now }: StoryProps) {
  const { details, asked, verdict, hours, latest } = story;
  const { key } = details;
  return (
    <>
      <section aria-label="Answer" className="grid gap-4">
        <VerdictCard
          verdict={verdict}
          asked={asked}
          refusals={hours.length}
          keysPath={keysPath}
          team={team}
          managesMembers={managesMembers}
          now={now}
        />
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="text-ink-soft">The key:</span>
          <span className="wrap-anywhere font-medium">
            <PlainLink href={`${keysPath}/${key.id}`}>{visibleText(key.name ?? "No name")}</PlainLink>
          </span>
          <code className="font-mono text-ink-soft text-xs">{tokenEnds(key)}</code>
          <KeyStatus apiKey={key} />
          {details.owner && <span className="wrap-anywhere text-ink-soft">of {visibleText(details.owner.name)}</span>}
        </p>
      </section>
      {latest.length > 0 && <LatestRefusals refusals={latest} askedId={asked?.requestId} />}
      {hours.length > 0 && (
        <TitledSection
          title="Denied requests by hour and reason"
          description="The last 30 days, latest first. Older than a week is grouped by day (UTC)."
        >
          <DataTable head={<HeadCells labels={["From", "Reason", "Requests", "Last request", "Last IP address"]} />}>
            {hours.map(({ hour, code, calls, lastAt, lastIp }) => (
              <Row key={`${hour} ${code}`}>
                <Cell data-label="From">
                  <ExactTime iso={hour} />
                </Cell>
                <Cell data-label="Reason">{refusalLabel(code)}</Cell>
                <Cell data-label="Requests" className="tabular-nums">
                  {calls.toLocaleString("en-GB")}
                </Cell>
                <Cell data-label="Last request">
                  <ExactTime iso={lastAt} />
                </Cell>
                <Cell data-label="Last IP address" className="font-mono text-ink-soft text-xs leading-5">
                  {lastIp ?? "Unknown"}
                </Cell>
              </Row>
            ))}
          </DataTable>
        </TitledSection>
      )}
    </>
  );
}

function LatestRefusals({ refusals, askedId }: { refusals: KeptRefusal[]; askedId: string | undefined }) {
  return (
    <TitledSection title="Latest denied requests" description="We keep the first five per minute for each reason.">
      <DataTable head={<HeadCells labels={["Time", "Reason", "Request ID", "IP address", "Endpoint"]} />}>
        {refusals.map(({ at, code, requestId, ip, userAgent, endpoint, missing }) => (
          <Row key={`${at} ${requestId} ${code}`}>
            <Cell data-label="Time">
              <ExactTime iso={at} />
            </Cell>
            <Cell data-label="Reason">
              {refusalLabel(code)}
              {missing.length > 0 && (
                <span className="block text-ink-soft text-xs">{visibleText(missing.join(", "))}</span>
              )}
            </Cell>
            <Cell data-label="Request ID" className="cell-wide font-mono text-xs leading-5">
              {requestId === askedId ? <strong>{requestId}</strong> : requestId}
            </Cell>
            <Cell data-label="From" className="cell-wide">
              <span className="font-mono text-xs">{ip ?? "Unknown"}</span>
              {userAgent && <span className="block text-ink-soft text-xs">{visibleText(userAgent)}</span>}
            </Cell>
            <Cell data-label="Endpoint" className="text-ink-soft">
              {endpoint}
            </Cell>
          </Row>
        ))}
      </DataTable>
    </TitledSection>
  );
}
