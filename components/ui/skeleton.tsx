const WIDTHS = ["w-2/3", "w-1/2", "w-3/5", "w-2/5"];

/** Placeholder for a short list that is loading; `label` is its accessible text. */
export function Skeleton({ label, rows = 3 }: { label: string; rows?: number }) {
  return (
    <div role="status" className="rounded-lg border border-line">
      <span className="sr-only">{label}</span>
      {WIDTHS.slice(0, rows).map((width) => (
        <div key={width} aria-hidden className="grid gap-2 border-line border-b px-3 py-3 last:border-b-0">
          <span className={`h-3 animate-pulse rounded bg-sunken ${width}`} />
          <span className="h-2.5 w-1/4 animate-pulse rounded bg-sunken" />
        </div>
      ))}
    </div>
  );
}
