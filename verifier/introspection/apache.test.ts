import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { db } from "@/lib/database/db";
import { createTestKey, inDays } from "@/lib/testing/fixtures";
import { type PhpApi, startPhpApi } from "../gateways/php-api.ts";
import { rawRequest } from "../gateways/raw-request.ts";
import { testVerifier } from "../testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "../testing/verifying-team.ts";
import { type ApacheModule, type RunningApache, startApache } from "./apache.ts";

/** Its packages may have to be installed first. */
const START_MS = 300_000;

const MODULES: ApacheModule[] = [
  {
    name: "mod_auth_openidc",
    identifier: "auth_openidc_module",
    claims: "OIDC_CLAIM_",
    accepting: (page, certificate) => `${page}\nOIDCCABundlePath ${certificate}\n`,
  },
  {
    name: "mod_oauth2",
    identifier: "oauth2_module",
    claims: "OAUTH2_CLAIM_",
    accepting: (page) => page.replace("introspect.ssl_verify=true", "introspect.ssl_verify=false"),
  },
];

const verifier = testVerifier();
let ours: VerifyingTeam;
let php: PhpApi;
beforeAll(async () => {
  ours = await createVerifyingTeam();
  php = await startPhpApi();
}, START_MS);
afterAll(() => php?.stop());

describe.each(MODULES)("Apache with $name, set up as its page says", (module) => {
  let apache: RunningApache;
  beforeAll(async () => {
    const verifierPort = Number(new URL(verifier.url).port);
    apache = await startApache(module, { verifierPort, apiPort: php.port, caller: ours.caller });
    // On a busy machine, the first connections may take longer than the lookup timeout.
    const { token } = await reader();
    await vi.waitFor(async () => expect(await apache.ask(token)).toBe(200), { timeout: 30_000 });
  }, START_MS);
  afterAll(() => apache?.stop());

  const reader = () => createTestKey(ours.owner, { scopes: ["reports.read", "events.read"] });

  test("lets a good key in, and refuses it from the very next request after it was revoked", async () => {
    for (let round = 0; round < 3; round++) {
      const { id, token } = await reader();
      for (let count = 0; count < 3; count++) expect(await apache.ask(token)).toBe(200);
      await db.apiKey.update({ where: { id }, data: { revokedAt: new Date() } });
      expect(await apache.ask(token)).toBe(401);
    }
  });

  test("refuses keys short of scope, dead ones and another team's, and requests without any", async () => {
    const { token } = await reader();
    const writer = await createTestKey(ours.owner, { scopes: ["events.read", "events.write"] });
    const other = await createTestKey(ours.owner, { scopes: ["contacts.read"] });
    const expired = await createTestKey(ours.owner, { expiresAt: inDays(-1) });
    const foreign = await createTestKey((await createVerifyingTeam()).owner);
    for (const bad of [undefined, "garbage", expired.token, foreign.token]) expect(await apache.ask(bad)).toBe(401);
    for (const method of ["OPTIONS", "POST", "PROPFIND"]) {
      expect([401, 403]).toContain(await apache.ask(undefined, method));
    }
    expect(await apache.ask(other.token)).toBe(401);
    expect(await apache.ask(token, "POST")).toBe(401);
    expect(await apache.ask(writer.token, "POST")).not.toBe(401);
  });

  test("refuses what has no location, and paths that an API behind it could read in another way", async () => {
    const { token } = await reader();
    for (const path of ["/", "/EVENTS", "/eventsandmore", "/events;x", "/events%3Bx"]) {
      expect(await apache.ask(undefined, "GET", path)).toBe(403);
    }
    for (const path of ["/events/..;/reports", "/events/%3b", "/events/..%5creports", "/events/%252e%252e/reports"]) {
      expect([401, 403]).toContain(await apache.ask(token, "GET", path));
    }
    expect(await apache.ask(token, "GET", "/events/none")).toBe(404);
  });

  test("passes no claim on that a client made up, however it is spelled, to an API in PHP", async () => {
    const { token } = await reader();
    const read = async (lines: string[]) =>
      (await rawRequest(apache.port, [`Authorization: Bearer ${token}`, ...lines], "/events/api")).body;
    const honest = await read([]);
    expect(JSON.parse(honest)).toMatchObject({ [`HTTP_${module.claims}CLIENT_ID`]: expect.any(String) });
    const claims = ["client_id", "scope", "sub", "team", "username", "resource"].map((name) => module.claims + name);
    for (const sign of "-_.!#$%&'*+^`|~") {
      for (const spelled of [claims, claims.map((name) => name.toLowerCase())]) {
        expect(await read(spelled.map((name) => `${name.replaceAll("_", sign)}: forged`))).toBe(honest);
      }
    }
  });

  test("logs no tokens", async () => {
    expect(await apache.log()).toContain("resuming normal operations");
    expect(await apache.log()).not.toMatch(/lk_(?:pat|key)_[0-9a-f]{8}/);
  });
});
