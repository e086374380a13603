import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/auth/actor";
import { createTestDeveloper, createTestKey } from "@/lib/testing/fixtures";
import { freePort } from "@/scripts/free-port";
import { IDENTITY_HEADERS } from "../endpoints/forward-auth.ts";
import { startVerifier } from "../service.ts";
import { call } from "./client.ts";

let port: number;
let verifier: Awaited<ReturnType<typeof startVerifier>>;
let owner: Actor;

beforeAll(async () => {
  port = await freePort();
  verifier = await startVerifier(port);
  owner = await createTestDeveloper();
});
afterAll(() => verifier.close(AbortSignal.abort()));

const page = (name: string) => readFileSync(`docs/gateways/${name}`, "utf8");

test("every header that says who is calling is one of the list", async () => {
  const { token } = await createTestKey(owner);
  const { headers } = await call(port, { path: "/api/v1/forward-auth", token });
  expect([...headers.keys()].filter((name) => name.startsWith("x-latchkey-")).sort()).toEqual(
    [...IDENTITY_HEADERS].sort(),
  );
});

test.each(["README.md", "latchkey-location.conf", "Caddyfile", "kong.yaml"])("%s names every one of them", (file) => {
  const text = page(file).toLowerCase();
  expect(IDENTITY_HEADERS.filter((name) => !new RegExp(`${name}(?![a-z-])`).test(text))).toEqual([]);
});

test("a question as Envoy puts it, with the client's method and address behind it, is answered by its own part", async () => {
  const [, prefix = ""] = /path_prefix: (\S+events\S+)/.exec(page("envoy.yaml")) ?? [];
  const { token } = await createTestKey(owner, { scopes: ["events.read"] });
  const original = "/events?scope=contacts.read&resource=*&read=&original=";
  const ask = (method: string) => {
    const headers: [string, string][] = [["X-Forwarded-Method", method]];
    return call(port, { method, path: `${prefix}${original}`, token, headers });
  };
  expect((await ask("GET")).status).toBe(200);
  expect((await ask("OPTIONS")).status).toBe(200);
  const refused = await ask("POST");
  expect(refused.status).toBe(403);
  expect(refused.headers.get("www-authenticate")).toContain('scope="events.write"');
});

test("every question in the files is one that Latchkey can read", async () => {
  const { token } = await createTestKey(owner, { scopes: ["events.read", "reports.read"] });
  for (const file of ["nginx.conf", "Caddyfile", "haproxy.cfg", "traefik.yaml", "envoy.yaml", "kong.yaml"]) {
    const questions = page(file).match(/read=[a-z.]+&write=[a-z.]+/g) ?? [];
    expect(questions).toHaveLength(2);
    for (const question of questions) {
      const path = `/api/v1/forward-auth?${question}`;
      expect((await call(port, { path, token, headers: [["X-Original-Method", "GET"]] })).status).toBe(200);
    }
  }
});
