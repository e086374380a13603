"use client";

import { Day, RelativeTime } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Cell, DataTable, HeadCells, Row } from "@/components/ui/data-table";
import { type KeyAction, type KeyRights, keyActions } from "@/lib/api-keys/key-actions";
import { tokenEnds } from "@/lib/api-keys/key-label";
import type { Holder } from "@/lib/insights/holder";
import type { ReviewedKey, ReviewList } from "@/lib/insights/review";
import { visibleText } from "@/lib/text/visible-text";
import { PlainLink } from "../[id]/plain-link";
import type { OpenKeyDialog } from "../key-dialogs";
import { fixLabel, LIST_TEXTS } from "./list-texts";

type TableProps = {
  list: ReviewList;
  keysPath: string;
  rights: KeyRights;
  showsOwner: boolean;
  now: string;
  onFix: (open: OpenKeyDialog) => void;
};

/** The first keys of a list, each with possible fixes. */
export function ReviewTable({ list, keysPath, rights, showsOwner, now, onFix }: TableProps) {
  const { fixes, nothing, filter } = LIST_TEXTS[list.name];
  if (list.keys.length === 0) return <p className="text-ink-soft">{nothing}</p>;
  const isAboutAddresses = list.name === "new_addresses";
  const headings = [
    "Key",
    ...(showsOwner ? ["Owner"] : []),
    ...(isAboutAddresses ? ["New IP address"] : []),
    "Last used",
    "Expires",
  ];
  return (
    <div className="grid gap-2">
      <DataTable head={<HeadCells labels={headings} last="What to do" />}>
        {list.keys.map((key) => (
          <Row key={key.id}>
            <Cell className="cell-wide">
              <span className="wrap-anywhere font-medium">
                <PlainLink href={`${keysPath}/${key.id}`}>{visibleText(key.name ?? "No name")}</PlainLink>
              </span>
              <code className="block font-mono text-ink-soft text-xs">{tokenEnds(key)}</code>
              {key.breaches.length > 0 && (
                <span className="block text-warning text-xs">{visibleText(key.breaches.join("; "))}</span>
              )}
            </Cell>
            {showsOwner && (
              <Cell data-label="Owner">
                <Owner apiKey={key} holder={key.holder} />
              </Cell>
            )}
            {isAboutAddresses && (
              <Cell data-label="New IP address" className="cell-wide">
                {key.address && <NewAddress address={key.address} now={now} />}
              </Cell>
            )}
            <Cell data-label="Last used">
              {key.lastUsedAt ? <RelativeTime iso={key.lastUsedAt} now={now} /> : <Nothing>Never</Nothing>}
              {list.name === "never_used" && (
                <span className="block text-ink-soft text-xs xl:whitespace-nowrap">
                  created on <Day iso={key.createdAt} />
                </span>
              )}
            </Cell>
            <Cell data-label="Expires">
              {key.expiresAt ? <RelativeTime iso={key.expiresAt} now={now} /> : <Nothing>Never</Nothing>}
            </Cell>
            <Cell className="cell-wide">
              <Fixes apiKey={key} fixes={fixes.filter((fix) => keyActions(key, rights).includes(fix))} onFix={onFix} />
            </Cell>
          </Row>
        ))}
      </DataTable>
      {list.count > list.keys.length && (
        <p className="text-ink-soft text-xs">
          Showing {list.keys.length} of {list.count.toLocaleString("en-GB")}
          {list.hasMore && "+"}.{" "}
          {filter && <PlainLink href={`${keysPath}?${showsOwner ? "kind=all&" : ""}${filter}`}>View all</PlainLink>}
        </p>
      )}
    </div>
  );
}

function Owner({ apiKey, holder }: { apiKey: ReviewedKey; holder: Holder | null }) {
  const isTeams = apiKey.kind === "team";
  return (
    <span className="grid justify-items-start gap-0.5">
      {isTeams ? "Team" : visibleText(holder?.name ?? "None")}
      {isTeams && holder && <span className="text-ink-soft text-xs">Contact: {visibleText(holder.name)}</span>}
      {holder && holder.state !== "active" && (
        <Badge tone="danger">{holder.state === "removed" ? "Removed" : "Disabled"}</Badge>
      )}
    </span>
  );
}

function NewAddress({ address, now }: { address: NonNullable<ReviewedKey["address"]>; now: string }) {
  return (
    <>
      <span className="font-mono text-xs">{address.ip}</span>
      <span className="block text-ink-soft text-xs">
        since <RelativeTime iso={address.firstAt} now={now} />
        {address.userAgent && `, by ${visibleText(address.userAgent)}`}
      </span>
    </>
  );
}

type FixesProps = { apiKey: ReviewedKey; fixes: KeyAction[]; onFix: (open: OpenKeyDialog) => void };

function Fixes({ apiKey, fixes, onFix }: FixesProps) {
  return (
    <span className="flex flex-wrap gap-2 xl:justify-end">
      {fixes.map((action) => (
        <Button
          key={action}
          className="h-8! px-2.5!"
          onClick={(event) => onFix({ action, apiKey, button: event.currentTarget })}
        >
          {fixLabel(action, apiKey)}
          <span className="sr-only"> {visibleText(apiKey.name ?? apiKey.tokenStart)}</span>
        </Button>
      ))}
    </span>
  );
}

function Nothing({ children }: { children: string }) {
  return <span className="text-ink-soft">{children}</span>;
}
