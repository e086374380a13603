const ROWS = ["first", "second", "third", "fourth", "fifth", "sixth"];

/** Placeholder for a list that is loading. */
export function ListSkeleton() {
  return (
    <div role="status" className="rounded-xl border border-line bg-surface shadow-raised">
      <span className="sr-only">Loading</span>
      {ROWS.map((row) => (
        <div key={row} aria-hidden className="flex items-center gap-6 border-line border-b px-4 py-5 last:border-b-0">
          <span className="h-3 w-40 animate-pulse rounded bg-sunken" />
          <span className="h-3 w-28 animate-pulse rounded bg-sunken" />
          <span className="hidden h-3 grow animate-pulse rounded bg-sunken md:block" />
          <span className="hidden h-3 w-20 animate-pulse rounded bg-sunken md:block" />
        </div>
      ))}
    </div>
  );
}
