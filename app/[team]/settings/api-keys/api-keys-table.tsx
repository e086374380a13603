"use client";

import { createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { Ellipsis } from "lucide-react";
import { createContext, useContext, useMemo, useState } from "react";
import { Day, RelativeTime } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { Cell, DataTable, HeadCell, NothingFound, Row } from "@/components/ui/data-table";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { visibleText } from "@/lib/visible-text";
import { type KeyAction, type OpenRowMenu, RowMenu } from "./row-menu";
import { ScopeBadges } from "./scope-badges";

const STATUS = {
  active: { label: "Active", tone: "accent" },
  expired: { label: "Expired", tone: "warning" },
  revoked: { label: "Revoked", tone: "neutral" },
} as const;

const features = tableFeatures({});
const column = createColumnHelper<typeof features, ApiKeyDto>();

// What cells need beside their key. The columns themselves must not depend on it: with new columns React takes
// every cell for another one, and whoever is on a row's button with the keyboard loses their place.
const TableContext = createContext<{ now: string; openMenu: (menu: OpenRowMenu) => void }>({
  now: "",
  openMenu: () => {},
});

const columns = column.columns([
  column.accessor("name", { header: "Name", cell: ({ getValue }) => <Name name={getValue()} /> }),
  column.accessor("tokenStart", {
    header: "Prefix",
    cell: ({ row: { original } }) => (
      <code className="whitespace-nowrap font-mono text-ink-soft text-xs">
        {original.tokenStart}…{original.tokenLastFour}
      </code>
    ),
  }),
  column.accessor("scopes", { header: "Scopes", cell: ({ getValue }) => <ScopeBadges scopes={getValue()} /> }),
  column.accessor("createdAt", { header: "Created", cell: ({ getValue }) => <Day iso={getValue()} /> }),
  column.accessor("lastUsedAt", { header: "Last used", cell: ({ getValue }) => <TimeOrNever iso={getValue()} /> }),
  column.accessor("expiresAt", { header: "Expires", cell: ({ row: { original } }) => <Expiry apiKey={original} /> }),
  column.accessor("status", {
    header: "Status",
    cell: ({ getValue }) => <Badge tone={STATUS[getValue()].tone}>{STATUS[getValue()].label}</Badge>,
  }),
  column.display({
    id: "actions",
    header: () => <span className="sr-only">Actions</span>,
    cell: ({ row: { original } }) => <MenuButton apiKey={original} />,
  }),
]);

function Name({ name }: { name: string | null }) {
  return name ? (
    <span className="block wrap-anywhere font-medium lg:min-w-36">{visibleText(name)}</span>
  ) : (
    <span className="text-ink-soft italic">No name</span>
  );
}

function TimeOrNever({ iso }: { iso: string | null }) {
  const { now } = useContext(TableContext);
  return iso ? <RelativeTime iso={iso} now={now} /> : <span className="text-ink-soft">Never</span>;
}

/** Of a revoked key only the day: it no longer waits for it. */
function Expiry({ apiKey: { expiresAt: iso, status } }: { apiKey: ApiKeyDto }) {
  const { now } = useContext(TableContext);
  if (!iso) return <span className="text-ink-soft">Never</span>;
  return (
    <span className="grid">
      {status !== "revoked" && <RelativeTime iso={iso} now={now} />}
      <span className="text-ink-soft text-xs">
        <Day iso={iso} />
      </span>
    </span>
  );
}

/** A revoked or expired key is a record: nothing can be done with it. */
function MenuButton({ apiKey }: { apiKey: ApiKeyDto }) {
  const { openMenu } = useContext(TableContext);
  if (apiKey.status !== "active") return null;
  return (
    <IconButton
      ref={keepPlaceAfter}
      label={`Actions for ${visibleText(apiKey.name ?? apiKey.tokenStart)}`}
      aria-haspopup="menu"
      className="-my-1.5"
      onClick={(event) => openMenu({ apiKey, button: event.currentTarget })}
    >
      <Ellipsis size={16} aria-hidden />
    </IconButton>
  );
}

/** A key that was just revoked loses its button: whoever stood on it goes on from the page's content. */
function keepPlaceAfter(button: HTMLElement | null) {
  return () => {
    if (document.activeElement === button) document.getElementById("content")?.focus();
  };
}

type TableProps = {
  apiKeys: ApiKeyDto[];
  now: string;
  onAction: (action: KeyAction, apiKey: ApiKeyDto) => void;
};

/** Where a cell goes when the row is shown as a card, and what stands above its value. */
const CARD_PLACE: Record<string, { className?: string; "data-label"?: string }> = {
  name: { className: "cell-wide" },
  tokenStart: { "data-label": "Prefix", className: "cell-wide" },
  scopes: { "data-label": "Scopes", className: "cell-wide" },
  createdAt: { "data-label": "Created" },
  lastUsedAt: { "data-label": "Last used" },
  expiresAt: { "data-label": "Expires" },
  status: { "data-label": "Status" },
  actions: { className: "cell-corner" },
};

/** One page of keys, with the menu of the row that asked for it. */
export function ApiKeysTable({ apiKeys, now, onAction }: TableProps) {
  const [menu, setMenu] = useState<OpenRowMenu | null>(null);
  const context = useMemo(() => ({ now, openMenu: setMenu }), [now]);
  const table = useTable({ features, columns, data: apiKeys, getRowId: (apiKey) => apiKey.id });

  if (apiKeys.length === 0) return <NothingFound>No key matches. Change the search or the status filter.</NothingFound>;
  return (
    <TableContext value={context}>
      <DataTable
        head={table.getFlatHeaders().map((header) => (
          <HeadCell key={header.id}>
            <table.FlexRender header={header} />
          </HeadCell>
        ))}
      >
        {table.getRowModel().rows.map((row) => (
          <Row key={row.id}>
            {row.getAllCells().map((cell) => (
              <Cell key={cell.id} {...CARD_PLACE[cell.column.id]}>
                <table.FlexRender cell={cell} />
              </Cell>
            ))}
          </Row>
        ))}
      </DataTable>
      <RowMenu open={menu} onClose={() => setMenu(null)} onAction={onAction} />
    </TableContext>
  );
}
