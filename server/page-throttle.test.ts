import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessionCookieName } from "../lib/auth/session-cookie.ts";
import { type AdmissionSettings, admit } from "./admit.ts";
import { parseTrustedProxies } from "./client-ip.ts";
import { listen } from "./listen.ts";

const settings: AdmissionSettings = {
  dev: false,
  publicUrl: undefined,
  allowedOrigins: ["http://localhost:3000"],
  trustedProxies: parseTrustedProxies(["127.0.0.1", "::1"]),
};

const server = createServer(async (incoming, response) => {
  if (await admit(incoming, response, settings)) response.end();
});
let origin = "";

beforeAll(async () => {
  await listen(server, 0);
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const PAGES = 50;

const open = (ip: string, path = "/sign-in", cookie = "") =>
  fetch(origin + path, { headers: { "x-forwarded-for": ip, cookie } });

async function useUp(ip: string): Promise<void> {
  const answers = await Promise.all(Array.from({ length: PAGES }, () => open(ip)));
  expect(answers.map(({ status }) => status)).toEqual(Array(PAGES).fill(200));
}

const cookie = (secret: string) =>
  encode({ token: { sid: "a session" }, secret }).then((value) => `${sessionCookieName()}=${value}`);

describe("pages opened without a session", () => {
  test("are refused beyond fifty within five seconds from one address, and from no other", async () => {
    await useUp("203.0.113.1");
    const refused = await open("203.0.113.1");
    expect([refused.status, await refused.text()]).toEqual([429, expect.stringMatching(/^Too many pages .*\n$/)]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await open("203.0.113.1", "/no-such-team/keys?x=1")).status).toBe(429);
    expect((await open("203.0.113.2")).status).toBe(200);
  });

  test("are counted for a whole IPv6 network", async () => {
    await useUp("2001:db8:1:2::1");
    expect((await open("2001:db8:1:2:ffff::9")).status).toBe(429);
    expect((await open("2001:db8:1:3::1")).status).toBe(200);
  });

  test("hinder neither those who are signed in behind the same address, nor the API, nor scripts and styles", async () => {
    await useUp("203.0.113.3");
    const own = await cookie(process.env.AUTH_SECRET ?? "");
    expect((await open("203.0.113.3", "/acme", own)).status).toBe(200);
    expect((await open("203.0.113.3", "/api/v1/me")).status).toBe(200);
    expect((await open("203.0.113.3", "/_next/static/chunk.js")).status).toBe(200);
  });

  test("are opened without one whatever cookie was made up", async () => {
    await useUp("203.0.113.4");
    for (const made of [`${sessionCookieName()}=x`, await cookie("another secret that is long enough for one")]) {
      expect((await open("203.0.113.4", "/acme", made)).status, made).toBe(429);
    }
  });
});
