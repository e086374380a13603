import { afterAll, beforeAll, beforeEach, describe, expect } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { DatabaseProxy } from "@/lib/testing/database-proxy";
import { freePort } from "@/scripts/free-port";
import { type Answer, type Call, call } from "./client.ts";
import { type EchoingApi, startEchoingApi } from "./echoing-api.ts";
import { GATEWAY_KINDS, type GatewayKind } from "./gateway-kinds.ts";
import { overhearQuestions, type Questions } from "./questions.ts";
import { type RunningGateway, startGateway } from "./running-gateway.ts";

/** The proxy between the verifier and its database. */
export const database = new DatabaseProxy(process.env.DATABASE_URL ?? "");
await database.open();
process.env.DATABASE_URL = database.url;
process.env.TRUSTED_PROXIES = "127.0.0.1";

// Only now: both variables are read once. Tests take from here whatever leads to them.
export const { db } = await import("@/lib/database/db");
export const { revokeApiKey } = await import("@/lib/api-keys/revoke/revoke-api-key");
export const { createTestDeveloper, createTestKey, inDays } = await import("@/lib/testing/fixtures");
export const { countFailedAttempt } = await import("@/lib/verification/failed-attempts");
const { startVerifier } = await import("../service.ts");

/** The gateway's program may have to be installed first. */
const START_MS = 300_000;

/** A client, a gateway, a verifier and an API behind them, all real and exclusive to this test file. */
export interface Testbed {
  name: string;
  kind: GatewayKind;
  gateway: RunningGateway;
  api: EchoingApi;
  questions: Questions;
  owner: Actor;
  verifierPort: number;
  /** Ends the verifier, and starts it again once `meanwhile` is over. */
  withoutVerifier<T>(meanwhile: () => Promise<T>): Promise<T>;
}

/** Runs the tests with each gateway that has a page in docs/gateways, or only with these. */
export function onEveryGateway(
  tests: (bed: Testbed) => void,
  kinds: Record<string, GatewayKind> = GATEWAY_KINDS,
): void {
  describe.each(Object.entries(kinds))("%s, set up as its page says", (name, kind) => {
    const bed = { name, kind } as Testbed;
    let verifier: Awaited<ReturnType<typeof startVerifier>>;

    beforeAll(async () => {
      const [api, verifierPort] = [await startEchoingApi(), await freePort()];
      verifier = await startVerifier(verifierPort);
      const withoutVerifier: Testbed["withoutVerifier"] = async (meanwhile) => {
        await verifier.close(AbortSignal.abort());
        return meanwhile().finally(async () => {
          verifier = await startVerifier(verifierPort);
        });
      };
      const [questions, owner] = [overhearQuestions(), await createTestDeveloper()];
      Object.assign(bed, { api, questions, owner, verifierPort, withoutVerifier });
      bed.gateway = await startGateway(kind, { verifierPort, apiPort: api.port });
    }, START_MS);

    beforeEach(() => {
      bed.api.received.length = 0;
      bed.questions.asked.length = 0;
    });

    afterAll(async () => {
      await bed.gateway?.stop();
      await verifier.close(AbortSignal.abort());
      bed.questions.stop();
      bed.api.close();
    });

    tests(bed);
  });
}

/** A request to the API through the gateway. */
export const send = ({ gateway }: Testbed, options: Call = {}) => call(gateway.port, options);

/** The same with a mistake in the gateway's configuration, or another verifier. */
export async function sendThroughOther(
  { kind, verifierPort, api }: Testbed,
  changes: { edit?: (text: string) => string; verifierPort?: number },
  options: Call,
): Promise<Answer> {
  const other = await startGateway(kind, { verifierPort, apiPort: api.port, ...changes });
  return call(other.port, options).finally(() => other.stop());
}

export const reader = ({ owner }: Testbed) => createTestKey(owner, { scopes: ["events.read"] });
export const writer = ({ owner }: Testbed) => createTestKey(owner, { scopes: ["events.read", "events.write"] });

/** All values of this header that the API received. */
export function receivedAs({ api }: Testbed, name: string): string[] {
  const headers = api.received.at(-1)?.headers ?? [];
  return headers.filter(([each]) => each === name.toLowerCase()).map(([, value]) => value);
}

/** Expects that the client got Latchkey's refusal, and the API no request. */
export function expectRefused({ api }: Testbed, answer: Answer, status: number, code: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.headers.get("cache-control")).toContain("no-store");
  const instance = `urn:request:${answer.headers.get("x-request-id")}`;
  expect(JSON.parse(answer.body)).toMatchObject({ success: false, status, code, instance });
  expect(api.received).toEqual([]);
}

/** If a gateway drops bodies, the code is derived from the challenge, which has a single error for 403 (RFC 6750). */
export const codeOf403 = ({ kind }: Testbed, code: string) => (kind.passesBodiesOn ? code : "insufficient_scope");
