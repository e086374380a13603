import "server-only";
import { EXPORTED_COLUMNS, type ExportedKey, exportedKey } from "@/lib/api-keys/export/exported-keys";
import { authorizeList } from "@/lib/api-keys/list/authorize-list";
import { DEFAULT_SORT, type KeyList } from "@/lib/api-keys/list/list-choices";
import { selectionOf } from "@/lib/api-keys/list/list-conditions";
import type { ListCursor } from "@/lib/api-keys/list/list-cursor";
import type { ApiKeyExportInput, KeyFilters } from "@/lib/api-keys/list/list-input";
import { type WalkBounds, walkKeys } from "@/lib/api-keys/list/list-walk";
import { readKeys } from "@/lib/api-keys/read-keys";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { consumeRateLimit } from "@/lib/auth/rate-limits";
import { inTransaction } from "@/lib/database/db";
import { csvHead, csvRows, jsonLine } from "@/lib/text/csv";
import { visibleLine } from "@/lib/text/visible-text";

export const KEY_EXPORT_FORMATS = {
  csv: { mediaType: "text/csv; charset=utf-8", extension: "csv" },
  jsonl: { mediaType: "application/x-ndjson", extension: "jsonl" },
} as const;

/** Bounds the memory of an export of any size. */
const KEYS_AT_ONCE = 1_000;

/** Higher than for a page: each walk has a fixed cost, and the time to the first rows matters less. */
const EXPORT_BOUNDS: WalkBounds = { steps: 20_000, firstSteps: 20_000, found: 5_000 };

/**
 * Exports all keys of a list that match the filters as a stream, read on demand. The audit entry is committed before the
 * first byte is sent. Newest first, whatever the page's order, because changes during the export can't alter that order.
 */
export async function exportApiKeys(
  actor: Actor,
  list: KeyList,
  input: ApiKeyExportInput,
): Promise<ReadableStream<Uint8Array>> {
  authorizeList(actor, list);
  await consumeRateLimit("exports", actor.userId);
  const event = {
    teamId: actor.teamId,
    action: "api_keys.exported" as const,
    actor,
    target: { type: "team" as const, id: actor.teamId, label: "API keys" },
    details: { list, format: input.format, ...askedFor(input) },
  };
  await inTransaction((tx) => recordAudit(tx, event));
  return streamOf(actor, list, input, actor.now);
}

function streamOf(actor: Actor, list: KeyList, input: ApiKeyExportInput, now: Date): ReadableStream<Uint8Array> {
  const selection = selectionOf(actor, list, input, now);
  const encoder = new TextEncoder();
  const lines = input.format === "csv" ? csvLines : jsonLines;
  let from: ListCursor | null = null;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (input.format === "csv") controller.enqueue(encoder.encode(csvHead(EXPORTED_COLUMNS)));
      },
      // Called when the reader wants more, and never concurrently.
      async pull(controller) {
        for (;;) {
          const { places, rest } = await walkKeys({
            selection,
            sort: DEFAULT_SORT,
            from,
            isBackwards: false,
            limit: KEYS_AT_ONCE,
            bounds: EXPORT_BOUNDS,
          });
          from = places.length === KEYS_AT_ONCE ? (places.at(-1) ?? null) : rest;
          const keys = (await readKeys(actor, places)).map((key) => exportedKey(key, now));
          if (keys.length > 0) controller.enqueue(encoder.encode(lines(keys)));
          if (!from) return controller.close();
          if (keys.length > 0) return;
        }
      },
    },
    { highWaterMark: 0 },
  );
}

/** The filters for the audit entry, which must not contain a pasted token in any form, not even its hash. */
function askedFor({ q, hash, status, owner, scope, type, expires, unused }: KeyFilters) {
  const asked = {
    search: q,
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

const jsonLines = (keys: ExportedKey[]) => keys.map((key) => jsonLine(inOrder(key))).join("");
const csvLines = (keys: ExportedKey[]) => csvRows(EXPORTED_COLUMNS, keys.map(cellsOf));

const inOrder = (key: ExportedKey) => Object.fromEntries(EXPORTED_COLUMNS.map((column) => [column, key[column]]));

const cellsOf = (key: ExportedKey) =>
  Object.fromEntries(Object.entries(key).map(([column, value]) => [column, cellOf(value)]));

const cellOf = (value: ExportedKey[keyof ExportedKey]) =>
  Array.isArray(value) ? value.join(" ") : value && visibleLine(value);
