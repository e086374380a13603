import { type CallsDay, refusalLabel } from "@/lib/calls/outcomes";
import { formatDate } from "@/lib/text/date-format";

/** The chart's numbers, latest day first, in a scrollable box that the keyboard can reach. */
export function CallsTable({ days, reasons }: { days: CallsDay[]; reasons: string[] }) {
  return (
    // biome-ignore-start lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section
      aria-label="Requests per day as a table"
      tabIndex={0}
      className="mt-3 max-h-80 overflow-auto rounded-lg border border-line"
    >
      <table className="w-full whitespace-nowrap text-left text-xs">
        <thead className="sticky top-0 bg-surface text-ink-soft">
          <tr>
            <Head isFirst>Day (UTC)</Head>
            <Head>Allowed</Head>
            {reasons.map((code) => (
              <Head key={code}>{refusalLabel(code)}</Head>
            ))}
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {days.toReversed().map(({ day, accepted, refused }) => (
            <tr key={day} className="border-line border-t">
              <th scope="row" className="px-3 py-1.5 font-normal">
                {formatDate(day, "day", "UTC")}
              </th>
              <Count calls={accepted} />
              {reasons.map((code) => (
                <Count key={code} calls={refused[code] ?? 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
    // biome-ignore-end lint/a11y/noNoninteractiveTabindex: as above.
  );
}

function Head({ isFirst, children }: { isFirst?: boolean; children: string }) {
  return (
    <th scope="col" className={isFirst ? "px-3 py-2 font-medium" : "px-3 py-2 text-right font-medium"}>
      {children}
    </th>
  );
}

function Count({ calls }: { calls: number }) {
  return <td className="px-3 py-1.5 text-right">{calls.toLocaleString("en-GB")}</td>;
}
