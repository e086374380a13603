import * as oauth4webapi from "oauth4webapi";
import * as openidClient from "openid-client";
import { beforeAll, describe, expect, test } from "vitest";
import { generateToken } from "@/lib/api-keys/token";
import { createTestKey, inDays } from "@/lib/testing/fixtures";
import { testVerifier } from "./testing/running-verifier.ts";
import { createVerifyingTeam, type VerifyingTeam } from "./testing/verifying-team.ts";

const verifier = testVerifier();
let ours: VerifyingTeam;
let theirs: VerifyingTeam;
beforeAll(async () => {
  [ours, theirs] = [await createVerifyingTeam(), await createVerifyingTeam()];
});

type Introspect = (caller: { id: string; token: string }, token: string) => Promise<oauth4webapi.IntrospectionResponse>;

const withOauth4webapi: Introspect = async ({ id, token: secret }, token) => {
  const { allowInsecureRequests } = oauth4webapi;
  const issuer = new URL(verifier.url);
  const found = await oauth4webapi.discoveryRequest(issuer, { algorithm: "oauth2", [allowInsecureRequests]: true });
  const server = await oauth4webapi.processDiscoveryResponse(issuer, found);
  const client = { client_id: id };
  const credentials = oauth4webapi.ClientSecretBasic(secret);
  const response = await oauth4webapi.introspectionRequest(server, client, credentials, token, {
    [allowInsecureRequests]: true,
  });
  return oauth4webapi.processIntrospectionResponse(server, client, response);
};

const withOpenidClient: Introspect = async ({ id, token: secret }, token) => {
  const credentials = openidClient.ClientSecretBasic(secret);
  const configuration = await openidClient.discovery(new URL(verifier.url), id, undefined, credentials, {
    algorithm: "oauth2",
    execute: [openidClient.allowInsecureRequests],
  });
  return openidClient.tokenIntrospection(configuration, token, { token_type_hint: "access_token" });
};

describe.each([
  ["oauth4webapi", withOauth4webapi],
  ["openid-client", withOpenidClient],
])("%s, a client that knows only our address", (_, introspect) => {
  test("finds the endpoint and reads an active key", async () => {
    const expiresAt = inDays(1);
    const { id, token } = await createTestKey(ours.owner, { expiresAt, scopes: ["events.read", "events.write"] });
    expect(await introspect(ours.caller, token)).toMatchObject({
      active: true,
      client_id: id,
      scope: "events.read events.write",
      exp: Math.floor(expiresAt.getTime() / 1_000),
    });
  });

  test("reads a key that isn't active, and one of another team, as inactive", async () => {
    const revoked = await createTestKey(ours.owner, { revokedAt: new Date() });
    const foreign = await createTestKey(theirs.owner);
    for (const token of [revoked.token, foreign.token, generateToken("team").token, "garbage"]) {
      expect(await introspect(ours.caller, token)).toEqual({ active: false });
    }
  });

  test("is told by the challenge that its secret is wrong", async () => {
    const { token } = await createTestKey(ours.owner);
    const wrong = { id: ours.caller.id, token: generateToken("team").token };
    const failure = await introspect(wrong, token).catch((error: unknown) => error);
    expect(failure).toMatchObject({ status: 401, code: "OAUTH_WWW_AUTHENTICATE_CHALLENGE" });
    expect(failure).toHaveProperty("cause.0.scheme", "basic");
  });

  test("isn't let in with a key that may not verify", async () => {
    const { id, token } = await createTestKey(ours.owner, { kind: "team", scopes: ["events.read"] });
    const failure = await introspect({ id, token }, token).catch((error: unknown) => error);
    expect(failure).toMatchObject({ status: 403 });
  });
});
