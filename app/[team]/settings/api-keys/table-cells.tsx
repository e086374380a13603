"use client";

import Link from "next/link";
import { createContext, type MouseEvent, useContext } from "react";
import { Day, RelativeTime } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { RowMenuButton } from "@/components/ui/row-menu-button";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { type KeyRights, keyActions } from "@/lib/api-keys/key-actions";
import { visibleText } from "@/lib/visible-text";
import { ReplacementBadge } from "./replacement-badge";
import type { OpenRowMenu } from "./row-menu";
import type { Selection } from "./use-selection";

type Context = {
  team: string;
  now: string;
  rights: KeyRights;
  selection: Selection;
  choose: (event: MouseEvent<HTMLInputElement>, apiKey: ApiKeyDto) => void;
  openMenu: (menu: OpenRowMenu) => void;
};

/** What cells need beside their key. */
export const TableContext = createContext<Context | null>(null);

function useTableContext(): Context {
  const context = useContext(TableContext);
  if (!context) throw new Error("A cell outside of its table.");
  return context;
}

type CellProps = { apiKey: ApiKeyDto };

export const isRevocable = (apiKey: ApiKeyDto, rights: KeyRights) => keyActions(apiKey, rights).includes("revoke");

export function SelectBox({ apiKey }: CellProps) {
  const { rights, selection, choose } = useTableContext();
  if (!isRevocable(apiKey, rights)) return null;
  const { name, tokenStart, tokenLastFour } = apiKey;
  return (
    // The label only makes it big enough for a thumb.
    <label className="max-xl:-m-3 max-xl:block max-xl:w-max max-xl:p-3 xl:contents">
      <input
        type="checkbox"
        aria-label={`Select ${visibleText(name ?? `${tokenStart}…${tokenLastFour}`)}`}
        className="mt-0.5 size-4 align-middle"
        checked={selection.has(apiKey.id)}
        onClick={(event) => choose(event, apiKey)}
        onChange={() => {}}
      />
    </label>
  );
}

export function Name({ apiKey }: CellProps) {
  const { team, now } = useTableContext();
  return (
    <span className="grid justify-items-start gap-1">
      <Link
        href={`/${team}/settings/api-keys/${apiKey.id}`}
        prefetch={false}
        className="wrap-anywhere font-medium decoration-line-strong underline-offset-2 hover:underline max-xl:-my-2.5 max-xl:py-2.5 xl:min-w-24 min-[90rem]:min-w-44"
      >
        {apiKey.name ? visibleText(apiKey.name) : <span className="font-normal text-ink-soft italic">No name</span>}
      </Link>
      <ReplacementBadge apiKey={apiKey} now={now} />
    </span>
  );
}

export function Prefix({ apiKey: { tokenStart, tokenLastFour } }: CellProps) {
  return (
    <code className="whitespace-nowrap font-mono text-ink-soft text-xs">
      {tokenStart}…{tokenLastFour}
    </code>
  );
}

export function Owner({ apiKey: { kind, owner } }: CellProps) {
  if (kind === "team") return <Badge>Team</Badge>;
  return <span className="wrap-anywhere">{owner ? visibleText(owner.name) : ""}</span>;
}

export function LastUse({ apiKey: { lastUsedAt } }: CellProps) {
  const { now } = useTableContext();
  return lastUsedAt ? <RelativeTime iso={lastUsedAt} now={now} /> : <Never />;
}

const SOON_MS = 7 * 86_400_000;

/** Marked in its last week while something may still use it. Of a revoked key only the day: it no longer waits for it. */
export function Expiry({ apiKey: { expiresAt, status } }: CellProps) {
  const { now } = useTableContext();
  if (!expiresAt) return <Never />;
  const isSoon = status === "active" && Date.parse(expiresAt) - Date.parse(now) <= SOON_MS;
  return (
    <span className="grid">
      {status !== "revoked" && (
        <span className={isSoon ? "font-medium text-warning" : undefined}>
          <RelativeTime iso={expiresAt} now={now} />
        </span>
      )}
      <span className="text-ink-soft text-xs">
        <Day iso={expiresAt} />
      </span>
    </span>
  );
}

export function Creation({ apiKey: { createdAt } }: CellProps) {
  return <Day iso={createdAt} />;
}

const Never = () => <span className="text-ink-soft">Never</span>;

export function MenuButton({ apiKey }: CellProps) {
  const { openMenu } = useTableContext();
  return (
    <RowMenuButton
      ref={keepPlaceAfter}
      of={visibleText(apiKey.name ?? apiKey.tokenStart)}
      onOpen={(button) => openMenu({ apiKey, button })}
    />
  );
}

/** A key that was just revoked loses its button: whoever stood on it goes on from the page's content. */
function keepPlaceAfter(button: HTMLElement | null) {
  return () => {
    if (document.activeElement === button) document.getElementById("content")?.focus();
  };
}
