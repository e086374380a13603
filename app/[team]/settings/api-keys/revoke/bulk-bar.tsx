"use client";

import { Button } from "@/components/ui/button";
import { MAX_BATCH_KEYS } from "@/lib/api-keys/list/list-choices";
import { keyCount } from "../list/key-count";
import type { Selection } from "../list/use-selection";

type BulkBarProps = { selection: Selection; onRevoke: (button: HTMLElement) => void };

/** Actions for the selected keys; it stays visible while scrolling. */
export function BulkBar({ selection, onRevoke }: BulkBarProps) {
  const count = selection.chosen.length;
  const isTooMany = count > MAX_BATCH_KEYS;
  return (
    <>
      <p role="status" className="sr-only">
        {count > 0 ? `${count} selected` : ""}
      </p>
      {count > 0 && (
        <section
          aria-label="Selected keys"
          className="sticky bottom-4 z-20 flex animate-rise flex-wrap items-center gap-3 rounded-xl border border-line-strong bg-surface px-4 py-3 shadow-overlay"
        >
          <p className="grow">
            <span className="font-medium tabular-nums">{count}</span> selected
            {isTooMany && <span className="text-ink-soft">: you can revoke up to {MAX_BATCH_KEYS} at a time</span>}
          </p>
          <Button variant="ghost" onClick={selection.clear}>
            Clear selection
          </Button>
          <Button
            variant="danger"
            className="max-sm:w-full"
            disabled={isTooMany}
            onClick={(event) => onRevoke(event.currentTarget)}
          >
            Revoke {keyCount(count)}…
          </Button>
        </section>
      )}
    </>
  );
}
