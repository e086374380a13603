import "server-only";
import { z } from "zod";
import type { Prisma } from "@/generated/prisma/client";
import { type AuditFilter, auditFilterFields, whereEntries } from "@/lib/audit/queries";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { consumeRateLimit } from "@/lib/auth/rate-limits";
import { db, inTransaction } from "@/lib/database/db";
import { csvHead, csvRows, jsonLine } from "@/lib/text/csv";

export const EXPORT_FORMATS = {
  csv: { label: "CSV", mediaType: "text/csv; charset=utf-8", extension: "csv" },
  jsonl: { label: "JSON Lines", mediaType: "application/x-ndjson", extension: "jsonl" },
} as const;

export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** Unlike on the page, an invalid format is an error: a file in another format is of no use. */
export const exportSchema = z.object({ ...auditFilterFields, format: z.enum(["csv", "jsonl"]) });
export type ExportInput = z.output<typeof exportSchema>;

/** Limits memory, however long the log is. */
const BATCH_SIZE = 500;

const select = {
  seq: true,
  at: true,
  action: true,
  actorId: true,
  actorName: true,
  targetType: true,
  targetId: true,
  targetLabel: true,
  ip: true,
  userAgent: true,
  details: true,
  id: true,
  hash: true,
} as const satisfies Prisma.AuditEntrySelect;

type Entry = Prisma.AuditEntryGetPayload<{ select: typeof select }>;

const COLUMNS = [
  "seq",
  "at",
  "action",
  "actor_id",
  "actor_name",
  "target_type",
  "target_id",
  "target_label",
  "ip",
  "user_agent",
  "details",
  "id",
  "hash",
] as const;

/**
 * The entries that match the filter, oldest first, as the bytes of a file, read at the reader's pace. The export itself
 * is recorded in the log before the first byte is sent; later entries aren't included.
 */
export async function exportAuditLog(actor: Actor, { format, ...filter }: ExportInput) {
  authorize(actor, "audit.view");
  await consumeRateLimit("exports", actor.userId);
  const upTo = await inTransaction(async (tx) => {
    const head = await tx.auditHead.findUnique({ where: { teamId: actor.teamId }, select: { seq: true } });
    const seq = head?.seq ?? 0n;
    await recordAudit(tx, {
      teamId: actor.teamId,
      action: "audit.exported",
      actor,
      target: { type: "audit_log", id: null, label: "Audit log" },
      details: { format, up_to: Number(seq), ...filterDetails(filter) },
    });
    return seq;
  });
  return streamOf(await whereEntries(actor, filter), upTo, format === "csv" ? inCsv : inJsonLines);
}

/** The filter as details. Days are renamed, because "from" and "to" would read as a change. */
function filterDetails({ action, member, key, about, from, to }: AuditFilter): Record<string, string> {
  const asked = { action, member, key, about, from_day: from, to_day: to };
  return Object.fromEntries(Object.entries(asked).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

type Form = { head: string; lines: (entries: Entry[]) => string };

function streamOf(where: Prisma.AuditEntryWhereInput, upTo: bigint, { head, lines }: Form): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after = 0n;
  return new ReadableStream({
    start(controller) {
      if (head) controller.enqueue(encoder.encode(head));
    },
    // Called when the reader wants more, and not again until it has finished.
    async pull(controller) {
      const entries = await db.auditEntry.findMany({
        where: { AND: [where, { seq: { gt: after, lte: upTo } }] },
        orderBy: { seq: "asc" },
        take: BATCH_SIZE,
        select,
      });
      if (entries.length > 0) controller.enqueue(encoder.encode(lines(entries)));
      after = entries.at(-1)?.seq ?? upTo;
      if (entries.length < BATCH_SIZE) controller.close();
    },
  });
}

const fieldsOf = (entry: Entry) => ({
  seq: Number(entry.seq),
  at: entry.at.toISOString(),
  action: entry.action,
  actor_id: entry.actorId,
  actor_name: entry.actorName,
  target_type: entry.targetType,
  target_id: entry.targetId,
  target_label: entry.targetLabel,
  ip: entry.ip,
  user_agent: entry.userAgent,
  details: entry.details,
  id: entry.id,
  hash: Buffer.from(entry.hash).toString("hex"),
});

const inJsonLines: Form = {
  head: "",
  lines: (entries) => entries.map((entry) => jsonLine(fieldsOf(entry))).join(""),
};

const inCsv: Form = {
  head: csvHead(COLUMNS),
  lines: (entries) =>
    csvRows(
      COLUMNS,
      entries.map((entry) => ({ ...fieldsOf(entry), details: JSON.stringify(entry.details) })),
    ),
};
