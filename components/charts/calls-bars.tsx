"use client";

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { ACCEPTED_COLOUR, refusalColour } from "@/components/charts/outcome-colours";
import { type CallsDay, reasonsIn, refusalLabel } from "@/lib/calls/outcomes";
import { formatDate } from "@/lib/text/date-format";

const TICK = { fill: "var(--ink-soft)", fontSize: 12 };
const shortDay = (day: string) => formatDate(day, "shortDay", "UTC");
const shortNumber = new Intl.NumberFormat("en-GB", { notation: "compact" });

/** Stacked bars, one per day. A sentence and a table next to it contain the same data, so it isn't focusable. */
export function CallsBars({ days }: { days: CallsDay[] }) {
  const reasons = reasonsIn(days);
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={days} accessibilityLayer={false} margin={{ top: 8, right: 4, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="day"
          tickFormatter={shortDay}
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: "var(--line)" }}
          minTickGap={24}
        />
        <YAxis
          width={44}
          allowDecimals={false}
          tickFormatter={(calls: number) => shortNumber.format(calls)}
          tick={TICK}
          tickLine={false}
          axisLine={false}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: "var(--sunken)" }}
          content={({ active, label }) => active && <DayCard day={days.find(({ day }) => day === label)} />}
        />
        <Bar dataKey="accepted" stackId="calls" fill={ACCEPTED_COLOUR} maxBarSize={28} isAnimationActive={false} />
        {reasons.map((code) => (
          <Bar
            key={code}
            dataKey={(day: CallsDay) => day.refused[code] ?? 0}
            name={refusalLabel(code)}
            stackId="calls"
            fill={refusalColour(code)}
            maxBarSize={28}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

function DayCard({ day }: { day: CallsDay | undefined }) {
  if (!day) return null;
  const lines: [string, string, number][] = [
    ["Allowed", ACCEPTED_COLOUR, day.accepted],
    ...reasonsIn([day]).map((code): [string, string, number] => [
      refusalLabel(code),
      refusalColour(code),
      day.refused[code] ?? 0,
    ]),
  ];
  return (
    <div className="grid gap-1 rounded-lg border border-line bg-surface px-3 py-2 text-xs shadow-overlay">
      <p className="font-medium">{formatDate(day.day, "day", "UTC")}</p>
      {lines.map(([label, colour, calls]) => (
        <p key={label} className="flex items-center gap-2">
          <span className="size-2.5 rounded-xs" style={{ background: colour }} />
          <span className="grow text-ink-soft">{label}</span>
          <span className="pl-3 tabular-nums">{calls.toLocaleString("en-GB")}</span>
        </p>
      ))}
    </div>
  );
}
