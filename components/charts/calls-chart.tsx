"use client";

import dynamic from "next/dynamic";
import { CallsTable } from "@/components/charts/calls-table";
import { ACCEPTED_COLOUR, refusalColour } from "@/components/charts/outcome-colours";
import { type CallsDay, reasonsIn, refusalLabel, totals } from "@/lib/calls/outcomes";

/** Client-only, because bars need the browser's layout; the library is loaded only on pages with a chart. */
const CallsBars = dynamic(() => import("@/components/charts/calls-bars").then((module) => module.CallsBars), {
  ssr: false,
  loading: () => <div className="size-full animate-pulse rounded-lg bg-sunken" />,
});

/** Calls per day as stacked bars, a sentence and a table. */
export function CallsChart({ days }: { days: CallsDay[] }) {
  const { accepted, refused } = totals(days);
  const reasons = reasonsIn(days);
  const sentence =
    accepted + refused === 0
      ? `No requests in the last ${days.length} days.`
      : `${count(accepted)} allowed and ${count(refused)} denied requests in the last ${days.length} days.`;
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
      <p className="text-ink-soft">{sentence}</p>
      <div role="img" aria-label={`Requests per day. ${sentence}`} className="h-56 w-full min-w-0">
        <CallsBars days={days} />
      </div>
      <ul aria-label="Legend" className="flex flex-wrap gap-x-4 gap-y-1 text-ink-soft text-xs">
        <LegendEntry label="Allowed" colour={ACCEPTED_COLOUR} />
        {reasons.map((code) => (
          <LegendEntry key={code} label={`Denied: ${refusalLabel(code)}`} colour={refusalColour(code)} />
        ))}
      </ul>
      <details>
        <summary className="w-fit rounded text-ink-soft hover:text-ink">Show as table</summary>
        <CallsTable days={days} reasons={reasons} />
      </details>
    </div>
  );
}

const count = (calls: number) => calls.toLocaleString("en-GB");

function LegendEntry({ label, colour }: { label: string; colour: string }) {
  return (
    <li className="flex items-center gap-1.5">
      <span aria-hidden className="size-2.5 rounded-xs" style={{ background: colour }} />
      {label}
    </li>
  );
}
