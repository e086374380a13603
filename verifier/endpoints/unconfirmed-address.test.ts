import { expect, test } from "vitest";
import { exportApiKeys } from "@/lib/api-keys/export/export-api-keys";
import { apiKeyExportSchema } from "@/lib/api-keys/list/list-input";
import { db } from "@/lib/database/db";
import { readKey } from "@/lib/rest/read-keys";
import { createTestKey, createTestMember, createTestTeam, createTestUser } from "@/lib/testing/fixtures";
import { bearer, jsonOf, testVerifier } from "../testing/running-verifier.ts";

const verifier = testVerifier();

/** A member whose address nobody has confirmed, and every place where a program reads addresses. */
async function unconfirmedMember() {
  const team = await createTestTeam();
  const user = await createTestUser();
  await db.user.update({ where: { id: user.id }, data: { confirmedEmail: null } });
  const owner = await createTestMember(team, { permissions: ["developer.manage_tokens", "events.read"] }, user);
  const { id, token } = await createTestKey(owner);
  const caller = await createTestKey(owner, { kind: "team", scopes: ["keys.verify"] });
  const asCaller = { headers: bearer(caller.token) };

  async function addresses() {
    const gateway = await verifier.call("/api/v1/forward-auth?scope=events.read", { headers: bearer(token) });
    const me = jsonOf(await verifier.call("/api/v1/me", { headers: bearer(token) }));
    const introspected = jsonOf(await verifier.postForm("/api/v1/introspect", { token }, asCaller));
    const verified = jsonOf(
      await verifier.call("/api/v1/verify", {
        method: "POST",
        headers: { ...bearer(caller.token), "content-type": "application/json" },
        body: JSON.stringify({ token }),
      }),
    );
    const rest = await readKey(owner, id);
    const exported = await new Response(
      await exportApiKeys(owner, "personal", apiKeyExportSchema.parse({ format: "jsonl" })),
    ).json();
    expect(introspected.active).toBe(true);
    return {
      header: gateway.headers["x-latchkey-member-email"],
      me: me.data.member.email,
      introspected: introspected.username,
      verified: verified.data.member.email,
      rest: (rest.owner as { email: string }).email,
      exported: exported.owner_email,
    };
  }
  return { user, owner, addresses };
}

const everywhere = (email: string) => ({
  header: email,
  me: email,
  introspected: email || undefined,
  verified: email,
  rest: email,
  exported: email,
});

test("an unconfirmed address is not disclosed to API clients, and is from the next request after its confirmation", async () => {
  const { user, owner, addresses } = await unconfirmedMember();
  expect(await addresses()).toEqual(everywhere(""));
  await db.member.update({ where: { id: owner.memberId }, data: { confirmedEmail: user.email } });
  expect(await addresses()).toEqual(everywhere(user.email));
});

test("an address that changes is unconfirmed from the next request on, however it was confirmed", async () => {
  const { user, owner, addresses } = await unconfirmedMember();
  await db.user.update({ where: { id: user.id }, data: { confirmedEmail: user.email } });
  await db.member.update({ where: { id: owner.memberId }, data: { confirmedEmail: user.email } });
  expect(await addresses()).toEqual(everywhere(user.email));
  await db.user.update({ where: { id: user.id }, data: { email: `new-${user.email}` } });
  expect(await addresses()).toEqual(everywhere(""));
});

test("one team's confirmation doesn't disclose the address to another team's API", async () => {
  const { user, owner, addresses } = await unconfirmedMember();
  const elsewhere = await createTestMember(await createTestTeam(), {}, user);
  await db.member.update({ where: { id: elsewhere.memberId }, data: { confirmedEmail: user.email } });
  expect(owner.teamId).not.toBe(elsewhere.teamId);
  expect(await addresses()).toEqual(everywhere(""));
});
