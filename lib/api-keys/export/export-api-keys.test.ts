import { expect, test } from "vitest";
import { exportApiKeys } from "@/lib/api-keys/export/export-api-keys";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import { apiKeyExportSchema } from "@/lib/api-keys/list/list-input";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { expectAppError } from "@/lib/testing/expect-app-error";
import {
  auditEntries,
  createTestDeveloper,
  createTestKey,
  createTestKeys,
  createTestMember,
  createTestTeam,
  inDays,
  recordTestUse,
} from "@/lib/testing/fixtures";

const exportOf = async (actor: Actor, list: KeyList, asked: Record<string, string> = {}) =>
  new Response(await exportApiKeys(actor, list, apiKeyExportSchema.parse(asked))).text();
const linesOf = async (actor: Actor, list: KeyList, asked: Record<string, string> = {}) =>
  (await exportOf(actor, list, { ...asked, format: "jsonl" }))
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

test("JSON Lines have one key each, newest first, with everything but the secret", async () => {
  const actor = await createTestDeveloper();
  const old = await createTestKey(actor, { name: "Old", createdAt: inDays(-2), revokedAt: inDays(-1) });
  const { id, token } = await createTestKey(actor, { name: "New", scopes: ["events.read", "events.write"] });
  const at = new Date("2026-05-01T10:00:00.000Z");
  await recordTestUse(id, at);
  const text = await exportOf(actor, "personal", { format: "jsonl" });
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    {
      id,
      kind: "personal",
      name: "New",
      prefix: token.slice(0, 11),
      last_four: token.slice(-4),
      owner: actor.name,
      scopes: ["events.read", "events.write"],
      status: "active",
      last_used_at: at.toISOString(),
      expires_at: null,
    },
    { id: old.id, status: "revoked", last_used_at: null },
  ]);
  expect(text).not.toMatch(/[0-9a-f]{40}/);
});

test("2,500 keys are all in it once, in both formats", async () => {
  const actor = await createTestDeveloper();
  const ids = await createTestKeys(
    actor,
    Array.from({ length: 2_500 }, (_, n) => ({ createdAt: new Date(Date.UTC(2026, 0, 1) + Math.floor(n / 300)) })),
  );
  const lines = await linesOf(actor, "personal");
  expect(lines.map(({ id }) => id).sort()).toEqual(ids.toSorted());
  const csv = (await exportOf(actor, "personal")).trim().split("\n");
  expect(csv).toHaveLength(2_501);
  expect(csv[0]).toBe(
    "id,kind,name,prefix,last_four,owner,owner_email,responsible,scopes,resource,allowed_ips,status,created_at,expires_at,revoked_at,last_used_at",
  );
  expect((await auditEntries(actor.teamId, "api_keys.exported")).map(({ details }) => details)).toEqual([
    { list: "personal", format: "jsonl" },
    { list: "personal", format: "csv" },
  ]);
});

test("the filters are the list's, and the audit entry names them without any part of a token", async () => {
  const actor = await createTestDeveloper();
  await createTestKey(actor, { name: "Zapier" });
  await createTestKey(actor, { name: "Zapier old", revokedAt: new Date() });
  await createTestKey(actor, { name: "Grafana" });
  const asked = { q: "zapier", status: "active", expires: "", unused: "soon" };
  expect((await linesOf(actor, "personal", asked)).map(({ name }) => name)).toEqual(["Zapier"]);
  await linesOf(actor, "personal", { hash: "ab".repeat(32) });
  const entries = await auditEntries(actor.teamId, "api_keys.exported");
  expect(entries[0]?.details).toEqual({
    list: "personal",
    format: "jsonl",
    search: "zapier",
    status: "active",
  });
  expect(entries[1]?.details).toEqual({
    list: "personal",
    format: "jsonl",
    pasted_token: "yes",
  });
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "＝1", '=HYPERLINK("http://x","y")'])(
  "a name that begins like a formula, %s, is text to a spreadsheet",
  async (name) => {
    const actor = await createTestDeveloper();
    await createTestKey(actor, { name });
    const [, row] = (await exportOf(actor, "personal")).split("\n");
    expect(row?.split(",")[2]).toMatch(/^"?'/);
    expect((await linesOf(actor, "personal"))[0]?.name).toBe(name);
  },
);

test("an export contains a key's allowed addresses, owner and responsible member", async () => {
  const team = await createTestTeam();
  const actor = await createTestMember(team, { role: "Admin" });
  const { email } = await db.user.findUniqueOrThrow({ where: { id: actor.userId } });
  await createTestKey(actor, { allowedIps: ["10.0.0.0/8", "::1/128"], resource: "event:1" });
  const { id } = await createTestKey(actor, { kind: "team", createdAt: inDays(-1) });
  await db.apiKey.update({ where: { id }, data: { responsibleMemberId: actor.memberId } });
  expect(await linesOf(actor, "all")).toMatchObject([
    {
      owner: actor.name,
      owner_email: email,
      responsible: null,
      allowed_ips: ["10.0.0.0/8", "::1/128"],
      resource: "event:1",
    },
    { owner: null, owner_email: null, responsible: actor.name, allowed_ips: [], resource: null },
  ]);
  const [, personal, teams] = (await exportOf(actor, "all")).split("\n");
  expect(personal).toContain(`,${actor.name},${email},,events.read,event:1,10.0.0.0/8 ::1/128,active,`);
  expect(teams).toContain(`,,,${actor.name},events.read,,,active,`);
});

test("a name with bidirectional control characters is escaped in the file, and JSON parsers read it unchanged", async () => {
  const actor = await createTestDeveloper();
  const name = "safe\u202egnp.exe";
  await createTestKey(actor, { name });
  for (const format of ["csv", "jsonl"]) {
    const text = await exportOf(actor, "personal", { format });
    expect(text).not.toContain("\u202e");
    expect(text).toContain("safe\\u202egnp.exe");
  }
  expect((await linesOf(actor, "personal"))[0]?.name).toBe(name);
});

test("nor do the names of people run in a spreadsheet, or turn the direction of writing", async () => {
  const actor = await createTestMember(await createTestTeam(), { role: "Admin" });
  await db.user.update({ where: { id: actor.userId }, data: { name: "=1+1\u202egnp" } });
  await createTestKey(actor, { resource: "event:\u202e1" });
  const { id } = await createTestKey(actor, { kind: "team" });
  await db.apiKey.update({ where: { id }, data: { responsibleMemberId: actor.memberId } });
  const text = await exportOf(actor, "all");
  expect(text.match(/,'=1\+1\\u202egnp,/g)).toHaveLength(2);
  expect(text).not.toContain("\u202e");
});

test("the audit entry is committed before the first byte is sent, even if the reader disconnects", async () => {
  const actor = await createTestDeveloper();
  await createTestKeys(actor, Array(2_100).fill({}));
  const stream = await exportApiKeys(actor, "personal", apiKeyExportSchema.parse({ format: "jsonl" }));
  expect(await auditEntries(actor.teamId, "api_keys.exported")).toMatchObject([{ actorId: actor.userId }]);
  const reader = stream.getReader();
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value).trim().split("\n")).toHaveLength(1_000);
  await reader.cancel();
  expect(await auditEntries(actor.teamId, "api_keys.exported")).toHaveLength(1);
});

test("a CSV file begins with the byte order mark, by which Excel reads “Müller 主婦”", async () => {
  const actor = await createTestDeveloper();
  await createTestKey(actor, { name: "Müller 主婦" });
  const bytes = await new Response(await exportApiKeys(actor, "personal", apiKeyExportSchema.parse({}))).bytes();
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)).toMatch(/^\ufeffid,kind,.*\n.*,Müller 主婦,/);
});

test("each list is exported to who may see it, and nobody else's keys are in it", async () => {
  const team = await createTestTeam();
  const admin = await createTestMember(team, { role: "Admin" });
  const developer = await createTestMember(team);
  await createTestKey(developer, { name: "Developer's" });
  await createTestKey(admin, { name: "Gateway", kind: "team" });
  await createTestKey(await createTestDeveloper(), { name: "Stranger's" });
  const names = async (actor: Actor, list: KeyList) => (await linesOf(actor, list)).map(({ name }) => name).sort();
  expect(await names(admin, "all")).toEqual(["Developer's", "Gateway"]);
  expect(await names(admin, "team")).toEqual(["Gateway"]);
  expect(await names(admin, "personal")).toEqual([]);
  expect(await names(developer, "personal")).toEqual(["Developer's"]);
  for (const list of ["team", "all"] as const) await expectAppError(exportOf(developer, list), "forbidden");
  const halfway = await createTestMember(team, { permissions: ["team.manage_keys"] });
  await expectAppError(exportOf(halfway, "all"), "forbidden");
  await expectAppError(exportOf(await createTestMember(team, { role: "Viewer" }), "personal"), "forbidden");
});
