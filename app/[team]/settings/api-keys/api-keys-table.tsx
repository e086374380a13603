"use client";

import { createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { ArrowDown, ArrowUp, Ellipsis } from "lucide-react";
import Link from "next/link";
import { createContext, type MouseEvent, type ReactNode, useContext, useMemo, useRef, useState } from "react";
import { Day, RelativeTime } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { Cell, DataTable, HeadCell, NothingFound, Row } from "@/components/ui/data-table";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { type KeyRights, keyActions } from "@/lib/api-keys/key-actions";
import { type KeyList, nextSort, readSort, type SortColumn, sortParameter } from "@/lib/api-keys/list-choices";
import type { OptionalColumn } from "@/lib/api-keys/list-columns";
import { visibleText } from "@/lib/visible-text";
import { isNarrowed, type ListFilters, queryOf } from "./list-filters";
import { ReplacementBadge } from "./replacement-badge";
import { type KeyAction, type OpenRowMenu, RowMenu } from "./row-menu";
import { ScopeBadges } from "./scope-badges";
import type { Selection } from "./use-selection";

const STATUS = {
  active: { label: "Active", tone: "accent" },
  expired: { label: "Expired", tone: "warning" },
  revoked: { label: "Revoked", tone: "neutral" },
} as const;

const features = tableFeatures({});
const column = createColumnHelper<typeof features, ApiKeyDto>();

// What cells need beside their key. The columns themselves must not depend on it: with new columns React takes
// every cell for another one, and whoever is on a row's button with the keyboard loses their place.
type Context = {
  team: string;
  now: string;
  rights: KeyRights;
  selection: Selection;
  choose: (event: MouseEvent<HTMLInputElement>, apiKey: ApiKeyDto) => void;
  openMenu: (menu: OpenRowMenu) => void;
};
const TableContext = createContext<Context | null>(null);

function useTableContext(): Context {
  const context = useContext(TableContext);
  if (!context) throw new Error("A cell outside of its table.");
  return context;
}

const columns = column.columns([
  column.display({ id: "select", cell: ({ row: { original } }) => <SelectBox apiKey={original} /> }),
  column.accessor("name", { id: "name", header: "Name", cell: ({ row: { original } }) => <Name apiKey={original} /> }),
  column.accessor("tokenStart", {
    id: "prefix",
    header: "Prefix",
    cell: ({ row: { original } }) => (
      <code className="whitespace-nowrap font-mono text-ink-soft text-xs">
        {original.tokenStart}…{original.tokenLastFour}
      </code>
    ),
  }),
  column.accessor("scopes", {
    id: "scopes",
    header: "Scopes",
    cell: ({ getValue }) => <ScopeBadges scopes={getValue()} />,
  }),
  column.accessor("owner", {
    id: "owner",
    header: "Owner",
    cell: ({ row: { original } }) => <Owner apiKey={original} />,
  }),
  column.accessor("lastUsedAt", {
    id: "used",
    header: "Last used",
    cell: ({ getValue }) => <TimeOrNever iso={getValue()} />,
  }),
  column.accessor("expiresAt", {
    id: "expires",
    header: "Expires",
    cell: ({ row: { original } }) => <Expiry apiKey={original} />,
  }),
  column.accessor("createdAt", { id: "created", header: "Created", cell: ({ getValue }) => <Day iso={getValue()} /> }),
  column.accessor("status", {
    id: "status",
    header: "Status",
    cell: ({ getValue }) => <Badge tone={STATUS[getValue()].tone}>{STATUS[getValue()].label}</Badge>,
  }),
  column.display({ id: "actions", cell: ({ row: { original } }) => <MenuButton apiKey={original} /> }),
]);

const labelOf = ({ name, tokenStart, tokenLastFour }: ApiKeyDto) =>
  visibleText(name ?? `${tokenStart}…${tokenLastFour}`);

function Name({ apiKey }: { apiKey: ApiKeyDto }) {
  const { team, now } = useTableContext();
  return (
    <span className="grid justify-items-start gap-1">
      <Link
        href={`/${team}/settings/api-keys/${apiKey.id}`}
        prefetch={false}
        className="wrap-anywhere font-medium decoration-line-strong underline-offset-2 hover:underline lg:min-w-36"
      >
        {apiKey.name ? visibleText(apiKey.name) : <span className="font-normal text-ink-soft italic">No name</span>}
      </Link>
      <ReplacementBadge apiKey={apiKey} now={now} />
    </span>
  );
}

function Owner({ apiKey: { kind, owner } }: { apiKey: ApiKeyDto }) {
  if (kind === "team") return <Badge>Team</Badge>;
  return <span className="wrap-anywhere">{owner ? visibleText(owner.name) : ""}</span>;
}

const isRevocable = (apiKey: ApiKeyDto, rights: KeyRights) => keyActions(apiKey, rights).includes("revoke");

function SelectBox({ apiKey }: { apiKey: ApiKeyDto }) {
  const { rights, selection, choose } = useTableContext();
  if (!isRevocable(apiKey, rights)) return null;
  return (
    <input
      type="checkbox"
      aria-label={`Select ${labelOf(apiKey)}`}
      className="mt-0.5 size-4 align-middle"
      checked={selection.has(apiKey.id)}
      onClick={(event) => choose(event, apiKey)}
      onChange={() => {}}
    />
  );
}

function TimeOrNever({ iso }: { iso: string | null }) {
  const { now } = useTableContext();
  return iso ? <RelativeTime iso={iso} now={now} /> : <span className="text-ink-soft">Never</span>;
}

/** Of a revoked key only the day: it no longer waits for it. */
function Expiry({ apiKey: { expiresAt: iso, status } }: { apiKey: ApiKeyDto }) {
  const { now } = useTableContext();
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

function MenuButton({ apiKey }: { apiKey: ApiKeyDto }) {
  const { openMenu } = useTableContext();
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
  team: string;
  list: KeyList;
  apiKeys: ApiKeyDto[];
  filters: ListFilters;
  hiddenColumns: OptionalColumn[];
  rights: KeyRights;
  selection: Selection;
  isCutShort: boolean;
  now: string;
  onAction: (action: KeyAction, apiKey: ApiKeyDto, button: HTMLElement) => void;
};

/** Where a cell goes when the row is shown as a card, and what stands above its value. */
const CARD_PLACE: Record<string, { className?: string; "data-label"?: string }> = {
  select: { className: "w-0 max-lg:absolute max-lg:top-4 max-lg:left-4" },
  name: { className: "cell-wide max-lg:px-8" },
  prefix: { "data-label": "Prefix", className: "cell-wide" },
  scopes: { "data-label": "Scopes", className: "cell-wide" },
  owner: { "data-label": "Owner" },
  created: { "data-label": "Created" },
  used: { "data-label": "Last used" },
  expires: { "data-label": "Expires" },
  status: { "data-label": "Status" },
  actions: { className: "cell-corner" },
};

const SORTED_BY: Record<string, SortColumn> = { name: "name", used: "used", expires: "expires", created: "created" };

/** One page of keys, with the menu of the row that asked for it. */
export function ApiKeysTable(props: TableProps) {
  const { team, list, apiKeys, filters, hiddenColumns, rights, selection, now, onAction } = props;
  const [menu, setMenu] = useState<OpenRowMenu | null>(null);
  const lastChosen = useRef<string>(null);
  const revocable = apiKeys.filter((apiKey) => isRevocable(apiKey, rights));
  const shown = useMemo(() => {
    const left = new Set<string>([...hiddenColumns, ...(list === "all" ? [] : ["owner"])]);
    return columns.filter(({ id }) => !left.has(id ?? ""));
  }, [hiddenColumns, list]);
  const table = useTable({ features, columns: shown, data: apiKeys, getRowId: (apiKey) => apiKey.id });

  /** With Shift, everything from the key chosen before to this one. */
  function choose({ shiftKey, currentTarget }: MouseEvent<HTMLInputElement>, apiKey: ApiKeyDto) {
    const [from, to] = [lastChosen.current, apiKey.id].map((id) => revocable.findIndex((each) => each.id === id));
    const range =
      shiftKey && from !== undefined && to !== undefined && from >= 0
        ? revocable.slice(Math.min(from, to), Math.max(from, to) + 1)
        : [apiKey];
    selection.set(range, currentTarget.checked);
    lastChosen.current = apiKey.id;
  }

  if (apiKeys.length === 0) return <NoMatch {...props} />;
  const all = <SelectAll apiKeys={revocable} selection={selection} />;
  return (
    <TableContext value={{ team, now, rights, selection, choose, openMenu: setMenu }}>
      {revocable.length > 0 && (
        <p className="flex items-center gap-2.5 px-4 lg:hidden">
          {all} <span aria-hidden>Select all on this page</span>
        </p>
      )}
      <DataTable
        head={table.getFlatHeaders().map((header) => (
          <Heading key={header.id} id={header.column.id} filters={filters}>
            {header.column.id === "select" ? revocable.length > 0 && all : <table.FlexRender header={header} />}
          </Heading>
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

function NoMatch({ filters, isCutShort }: TableProps) {
  if (isCutShort) return <NothingFound>No match so far: there are many keys to look through.</NothingFound>;
  if (filters.hash) return <NothingFound>None of these keys has the pasted token.</NothingFound>;
  if (!isNarrowed(filters)) return <NothingFound>There is no key here.</NothingFound>;
  return <NothingFound>No key matches. Change the search or the filters.</NothingFound>;
}

/** A column's head; where the list can be put in its order, a link that does so. */
function Heading({ id, filters, children }: { id: string; filters: ListFilters; children: ReactNode }) {
  const column = SORTED_BY[id];
  if (id === "actions")
    return (
      <HeadCell>
        <span className="sr-only">Actions</span>
      </HeadCell>
    );
  if (id === "select")
    return (
      <HeadCell>
        <span className="sr-only">Select</span>
        <span className="max-lg:hidden">{children}</span>
      </HeadCell>
    );
  if (!column) return <HeadCell>{children}</HeadCell>;
  const sort = readSort(filters.sort);
  const isSorted = sort.column === column;
  const Arrow = sort.direction === "asc" ? ArrowUp : ArrowDown;
  return (
    <HeadCell aria-sort={isSorted ? (sort.direction === "asc" ? "ascending" : "descending") : undefined}>
      <span className="lg:hidden">{children}</span>
      <Link
        href={queryOf({ ...filters, sort: sortParameter(nextSort(column, sort)) })}
        prefetch={false}
        scroll={false}
        className="inline-flex items-center gap-1 hover:text-ink max-lg:hidden"
      >
        {children}
        {isSorted && <Arrow size={12} aria-hidden />}
      </Link>
    </HeadCell>
  );
}

function SelectAll({ apiKeys, selection }: { apiKeys: ApiKeyDto[]; selection: Selection }) {
  const chosen = apiKeys.filter(({ id }) => selection.has(id)).length;
  return (
    <input
      type="checkbox"
      aria-label="Select all on this page"
      className="size-4 align-middle"
      ref={(box) => {
        if (box) box.indeterminate = chosen > 0 && chosen < apiKeys.length;
      }}
      checked={chosen > 0 && chosen === apiKeys.length}
      onChange={(event) => selection.set(apiKeys, event.target.checked)}
    />
  );
}
