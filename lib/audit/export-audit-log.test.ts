import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type ExportInput, exportAuditLog, exportSchema } from "@/lib/audit/export-audit-log";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import { auditEntries, createTestMember, createTestTeam } from "@/lib/testing/fixtures";

type Entry = Partial<Record<"action" | "actorName" | "targetType" | "targetLabel", string>> & { details?: object };

/** An actor who can read a new team's log, whose first entry is the team's creation. */
async function readerOf(entries: Entry[]): Promise<Actor> {
  const team = await createTestTeam();
  await db.auditEntry.createMany({
    data: entries.map((entry, index) => ({
      teamId: team.id,
      action: "api_key.created",
      actorName: "Ada",
      targetType: "api_key",
      targetLabel: `entry ${index}`,
      ...entry,
    })),
  });
  return createTestMember(team, { permissions: ["audit.view"] });
}

const input = (parameters: Record<string, string>): ExportInput =>
  exportSchema.parse({ format: "jsonl", ...parameters });

async function exported(actor: Actor, parameters: Record<string, string> = {}): Promise<string> {
  return new Response(await exportAuditLog(actor, input(parameters))).text();
}

async function lines(actor: Actor, parameters: Record<string, string> = {}) {
  const text = await exported(actor, parameters);
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe("an export of the audit log", () => {
  test("has every entry with its number and hash, oldest first, and leaves an entry itself", async () => {
    const actor = await readerOf([{ details: { from: "a", to: "b" } }, {}]);
    const rows = await db.auditEntry.findMany({ where: { teamId: actor.teamId }, orderBy: { seq: "asc" } });
    expect(await lines(actor)).toEqual(
      rows.map((row) => ({
        seq: Number(row.seq),
        at: row.at.toISOString(),
        action: row.action,
        actor_id: row.actorId,
        actor_name: row.actorName,
        target_type: row.targetType,
        target_id: row.targetId,
        target_label: row.targetLabel,
        ip: row.ip,
        user_agent: row.userAgent,
        details: row.details,
        id: row.id,
        hash: Buffer.from(row.hash).toString("hex"),
      })),
    );
    expect(await auditEntries(actor.teamId, "audit.exported")).toMatchObject([
      { actorId: actor.userId, ip: actor.ip, targetType: "audit_log", details: { format: "jsonl", up_to: 3 } },
    ]);
  });

  test("has what fits the filters, which its entry names", async () => {
    const actor = await readerOf([{ action: "role.changed", targetType: "role" }, {}, { targetType: "role" }]);
    const found = await lines(actor, { action: "role.changed", about: "role", to: "2999-01-01" });
    expect(found.map((entry) => entry.target_label)).toEqual(["entry 0"]);
    expect(await auditEntries(actor.teamId, "audit.exported")).toMatchObject([
      { details: { format: "jsonl", up_to: 4, action: "role.changed", about: "role", to_day: "2999-01-01" } },
    ]);
    expect(await lines(actor, { key: randomUUID() })).toEqual([]);
  });

  test("is read a piece at a time, as it is taken, and has each of a thousand entries once", async () => {
    const actor = await readerOf(Array(1_234).fill({}));
    const reader = (await exportAuditLog(actor, input({}))).getReader();
    const pieces: string[] = [];
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(new TextDecoder().decode(piece.value));
      // Entries written during the export come after the export's own entry.
      await db.auditEntry.create({
        data: { teamId: actor.teamId, action: "x", actorName: "Eve", targetType: "team", targetLabel: "late" },
      });
    }
    const sizes = pieces.map((piece) => piece.split("\n").length - 1);
    expect(sizes).toEqual([500, 500, 235]);
    const numbers = pieces
      .join("")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line).seq);
    expect(numbers).toEqual(Array.from({ length: 1_235 }, (_, index) => index + 1));
  });

  test("stops reading when nobody takes it any longer", async () => {
    const actor = await readerOf(Array(1_100).fill({}));
    const stream = await exportAuditLog(actor, input({}));
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel();
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  test("as CSV has a heading and no cell that a spreadsheet would run", async () => {
    const actor = await readerOf(
      ["=1+1", "+1", "-1", "@x", "\tx", "\rx", 'He said "no", twice\nand left', "plain"].map((targetLabel) => ({
        targetLabel,
      })),
    );
    const text = await exported(actor, { format: "csv", about: "api_key" });
    const [heading, ...rows] = text.split(/\n(?=\d+,)/);
    expect(heading).toBe(
      "seq,at,action,actor_id,actor_name,target_type,target_id,target_label,ip,user_agent,details,id,hash",
    );
    const labels = rows.map((row) => /,api_key,,((?:"(?:[^"]|"")*")|[^,]*),/.exec(row)?.[1]);
    expect(labels).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@x",
      "'\tx",
      '"\'\rx"',
      '"He said ""no"", twice\nand left"',
      "plain",
    ]);
  });

  test("shows overrides of the direction of writing as escapes in every cell, and programs read them unchanged", async () => {
    const overrides = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";
    const name = `safe${overrides}gnp`;
    const actor = await readerOf([{ actorName: name, targetLabel: name, details: { [name]: name } }]);
    for (const format of ["csv", "jsonl"]) {
      const text = await exported(actor, { format });
      expect(text).not.toMatch(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
      expect(text.match(/safe\\u061c\\u200e/g)?.length).toBe(4);
    }
    const [, entry] = await lines(actor);
    expect(entry).toMatchObject({ actor_name: name, target_label: name, details: { [name]: name } });
  });

  test("has one line for each entry, whatever a user agent brings that ends lines or steers terminals", async () => {
    const actor = await readerOf([{ actorName: "a\u0085b\u2028c\u2029d\u009b31m\u007f" }]);
    for (const format of ["csv", "jsonl"]) {
      expect(await exported(actor, { format })).not.toMatch(/[\u007f-\u009f\u2028\u2029]/);
    }
    expect((await lines(actor))[1]?.actor_name).toBe("a\u0085b\u2028c\u2029d\u009b31m\u007f");
  });

  test("as CSV begins with the byte order mark, by which Excel reads “Müller 主婦”", async () => {
    const actor = await readerOf([{ actorName: "Müller 主婦" }]);
    const bytes = await new Response(await exportAuditLog(actor, input({ format: "csv" }))).bytes();
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    expect(text).toMatch(/^\ufeffseq,at,/);
    expect(text).toContain(",Müller 主婦,");
    expect(await exported(actor)).toMatch(/^\{/);
  });

  test("has nothing of another team", async () => {
    const actor = await readerOf([]);
    await readerOf([{}, {}]);
    const found = await lines(actor);
    expect(found.map((entry) => entry.action)).toEqual(["team.created"]);
  });

  test("never keeps a token that was pasted as a key's name", async () => {
    const actor = await readerOf([]);
    const token = `lk_pat_${"ab".repeat(36)}`;
    await lines(actor, { key: token });
    const [entry] = await auditEntries(actor.teamId, "audit.exported");
    expect(JSON.stringify(entry?.details)).not.toContain("abababab");
  });

  test("is forbidden without the permission to view the log, and leaves no entry", async () => {
    const actor = await createTestMember(await createTestTeam(), { role: "Developer" });
    await expectAppError(exportAuditLog(actor, input({})), "forbidden");
    expect(await auditEntries(actor.teamId, "audit.exported")).toEqual([]);
  });

  test("in another format is refused", () => {
    expect(exportSchema.safeParse({ format: "xml" }).success).toBe(false);
    expect(exportSchema.safeParse({}).success).toBe(false);
  });
});
