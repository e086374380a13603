"use client";

import Link from "next/link";
import type { MouseEvent, ReactNode } from "react";
import { showDay, showRelativeTime } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { RowMenuButton } from "@/components/ui/row-menu-button";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { type KeyRights, keyActions } from "@/lib/api-keys/key-actions";
import { nameOrEnds, tokenEnds } from "@/lib/api-keys/key-label";
import { visibleText } from "@/lib/text/visible-text";
import { KeyStatus } from "../key-status";
import { ReplacementBadge } from "../rotate/replacement-badge";
import type { OpenRowMenu } from "./row-menu";
import { ScopeBadges } from "./scope-badges";
import type { Selection } from "./use-selection";

/** What cells need besides their key. */
export type TableContext = {
  team: string;
  now: string;
  timeZone: string;
  rights: KeyRights;
  selection: Selection;
  choose: (event: MouseEvent<HTMLInputElement>, apiKey: ApiKeyDto) => void;
  openMenu: (menu: OpenRowMenu) => void;
};

/**
 * Renders one cell. A function, not a component: a page has five hundred cells, and a component costs React more than
 * most of their content.
 */
export type ShowCell = (apiKey: ApiKeyDto, table: TableContext) => ReactNode;

export const isRevocable = (apiKey: ApiKeyDto, rights: KeyRights) => keyActions(apiKey, rights).includes("revoke");

export const showSelectBox: ShowCell = (apiKey, { rights, selection, choose }) => {
  if (!isRevocable(apiKey, rights)) return null;
  return (
    // The label only enlarges the touch target.
    <label className="row-choice">
      <input
        type="checkbox"
        aria-label={`Select ${visibleText(nameOrEnds(apiKey))}`}
        className="mt-0.5 size-4 align-middle"
        checked={selection.has(apiKey.id)}
        onClick={(event) => choose(event, apiKey)}
        onChange={() => {}}
      />
    </label>
  );
};

export const showName: ShowCell = (apiKey, { team, now }) => {
  const name = (
    <Link href={`/${team}/settings/api-keys/${apiKey.id}`} prefetch={false} className="row-title">
      {apiKey.name ? visibleText(apiKey.name) : <span className="font-normal text-ink-soft italic">No name</span>}
    </Link>
  );
  if (!apiKey.successorId) return name;
  return (
    <span className="grid justify-items-start gap-1">
      {name}
      <ReplacementBadge apiKey={apiKey} now={now} />
    </span>
  );
};

export const showPrefix: ShowCell = tokenEnds;

export const showScopes: ShowCell = (apiKey) => <ScopeBadges apiKey={apiKey} />;

export const showOwner: ShowCell = ({ kind, owner }) => {
  if (kind === "team") return <Badge>Team</Badge>;
  return <span className="wrap-anywhere">{owner ? visibleText(owner.name) : ""}</span>;
};

export const showLastUse: ShowCell = ({ lastUsedAt }, { now, timeZone }) =>
  lastUsedAt ? showRelativeTime(lastUsedAt, now, timeZone) : NEVER;

const SOON_MS = 7 * 86_400_000;

/** Highlighted in its last week while the key may be in use. For a revoked key only the day. */
export const showExpiry: ShowCell = ({ expiresAt, status }, { now, timeZone }) => {
  if (!expiresAt) return NEVER;
  if (status === "revoked") return showDay(expiresAt, timeZone, "text-ink-soft text-xs");
  const isSoon = status === "active" && Date.parse(expiresAt) - Date.parse(now) <= SOON_MS;
  return (
    <span className="grid justify-items-start">
      {showRelativeTime(expiresAt, now, timeZone, isSoon ? "font-medium text-warning" : undefined)}
      {showDay(expiresAt, timeZone, "text-ink-soft text-xs")}
    </span>
  );
};

export const showCreation: ShowCell = ({ createdAt }, { timeZone }) => showDay(createdAt, timeZone);

const NEVER = <span className="text-ink-soft">Never</span>;

export const showStatus: ShowCell = (apiKey) => <KeyStatus apiKey={apiKey} />;

export const showMenuButton: ShowCell = (apiKey, { openMenu }) => (
  <RowMenuButton
    ref={keepPlaceAfter}
    of={visibleText(apiKey.name ?? apiKey.tokenStart)}
    onOpen={(button) => openMenu({ apiKey, button })}
  />
);

/** A revoked key's row loses its button; focus moves to the page's content. */
function keepPlaceAfter(button: HTMLElement | null) {
  return () => {
    if (document.activeElement === button) document.getElementById("content")?.focus();
  };
}
