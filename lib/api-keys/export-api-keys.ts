import "server-only";
import { stringify } from "csv-stringify/sync";
import { authorizeList } from "@/lib/api-keys/authorize-list";
import { type ApiKeyRow, apiKeySelect } from "@/lib/api-keys/dto";
import { DEFAULT_SORT, type KeyList } from "@/lib/api-keys/list-choices";
import { selectionOf } from "@/lib/api-keys/list-conditions";
import type { ListCursor } from "@/lib/api-keys/list-cursor";
import type { ApiKeyExportInput, KeyFilters } from "@/lib/api-keys/list-input";
import { PAGE_BOUNDS, walkKeys } from "@/lib/api-keys/list-walk";
import { keyStatus } from "@/lib/api-keys/status";
import { withoutSecret } from "@/lib/api-keys/token-shape";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/db";

export const KEY_EXPORT_FORMATS = {
  csv: { mediaType: "text/csv; charset=utf-8", extension: "csv" },
  jsonl: { mediaType: "application/x-ndjson", extension: "jsonl" },
} as const;

/** So many keys are in memory at once, however many there are. */
const KEYS_AT_ONCE = 1_000;

const COLUMNS = [
  "id",
  "kind",
  "name",
  "prefix",
  "last_four",
  "owner",
  "scopes",
  "resource",
  "status",
  "created_at",
  "expires_at",
  "revoked_at",
  "last_used_at",
] as const;

/**
 * All keys of a list that match the filters, newest first, as the bytes of a file, read as fast as they are taken. The
 * audit entry says how many there were: it is written before the last of them leaves, or when the reader goes away. The
 * order is that of creation whatever the page's, for it is the one that never changes in between.
 */
export function exportApiKeys(actor: Actor, list: KeyList, input: ApiKeyExportInput): ReadableStream<Uint8Array> {
  authorizeList(actor, list);
  const now = new Date();
  const selection = selectionOf(actor, list, input, now);
  const encoder = new TextEncoder();
  const lines = input.format === "csv" ? csvLines : jsonLines;
  let from: ListCursor | null = null;
  let rows = 0;

  const record = (isComplete: boolean) =>
    recordAudit(db, {
      teamId: actor.teamId,
      action: "api_keys.exported",
      actor,
      target: { type: "team", id: actor.teamId, label: "API keys" },
      details: { list, format: input.format, rows, complete: isComplete, ...askedFor(input) },
    });

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (input.format === "csv") controller.enqueue(encoder.encode(stringify([[...COLUMNS]])));
      },
      // Called when the reader wants more, and not again until this one is done.
      async pull(controller) {
        for (;;) {
          const { places, rest } = await walkKeys({
            selection,
            sort: DEFAULT_SORT,
            from,
            isBackwards: false,
            limit: KEYS_AT_ONCE,
            bounds: PAGE_BOUNDS,
          });
          from = places.length === KEYS_AT_ONCE ? (places.at(-1) ?? null) : rest;
          const keys = await readRows(actor, places);
          rows += keys.length;
          if (!from) await record(true);
          if (keys.length > 0) controller.enqueue(encoder.encode(lines(keys, now)));
          if (!from) return controller.close();
          if (keys.length > 0) return;
        }
      },
      cancel: () => record(false),
    },
    { highWaterMark: 0 },
  );
}

/** The filters as details. A token that was pasted is not among them in any form. */
function askedFor({ q, hash, status, owner, scope, type, expires, unused }: KeyFilters) {
  const asked = {
    search: withoutSecret(q),
    pasted_token: hash && "yes",
    status,
    owner,
    scope,
    type,
    expires_within_days: expires,
    unused_for_days: unused,
  };
  return Object.fromEntries(Object.entries(asked).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

async function readRows(actor: Actor, places: ListCursor[]): Promise<ApiKeyRow[]> {
  const ids = places.map(({ id }) => id);
  const rows = await db.apiKey.findMany({ where: { teamId: actor.teamId, id: { in: ids } }, select: apiKeySelect });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

const fieldsOf = (row: ApiKeyRow, now: Date) => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  prefix: row.tokenStart,
  last_four: row.tokenLastFour,
  owner: row.member?.user.name ?? null,
  scopes: row.scopes,
  resource: row.resource,
  status: keyStatus(row, now),
  created_at: row.createdAt.toISOString(),
  expires_at: row.expiresAt?.toISOString() ?? null,
  revoked_at: row.revokedAt?.toISOString() ?? null,
  last_used_at: row.usage?.lastUsedAt.toISOString() ?? null,
});

const jsonLines = (rows: ApiKeyRow[], now: Date) =>
  rows.map((row) => `${JSON.stringify(fieldsOf(row, now))}\n`).join("");

// A cell that begins like a formula would be run by the program that opens the file.
const csvLines = (rows: ApiKeyRow[], now: Date) =>
  stringify(
    rows.map((row) => ({ ...fieldsOf(row, now), scopes: row.scopes.join(" ") })),
    { columns: [...COLUMNS], escape_formulas: true },
  );
