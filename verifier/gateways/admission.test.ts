import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Agent } from "node:http";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { Call } from "./client.ts";
import { GATEWAY_KINDS } from "./gateway-kinds.ts";
import {
  codeOf403,
  countFailedAttempt,
  createTestKey,
  db,
  expectRefused,
  inDays,
  onEveryGateway,
  reader,
  receivedAs,
  revokeApiKey,
  send,
  sendThroughOther,
  writer,
} from "./testbed.ts";

const MAX_ATTEMPTS = 300;

onEveryGateway((bed) => {
  describe("lets in", () => {
    test("a valid key, and identifies the caller to the API", async () => {
      const { id, token } = await createTestKey(bed.owner, {
        name: "Zürich: 100% naïve",
        scopes: ["events.read", "events.write"],
        expiresAt: new Date("2099-01-02T03:04:05.000Z"),
      });
      const { email } = await db.user.findUniqueOrThrow({ where: { id: bed.owner.userId } });
      const team = await db.team.findUniqueOrThrow({ where: { id: bed.owner.teamId } });
      expect((await send(bed, { token })).status).toBe(200);
      expect(receivedAs(bed, "X-Latchkey-Key-Id")).toEqual([id]);
      expect(receivedAs(bed, "X-Latchkey-Key-Kind")).toEqual(["personal"]);
      expect(receivedAs(bed, "X-Latchkey-Key-Name")).toEqual(["Z%C3%BCrich:%20100%25%20na%C3%AFve"]);
      expect(receivedAs(bed, "X-Latchkey-Team-Id")).toEqual([bed.owner.teamId]);
      expect(receivedAs(bed, "X-Latchkey-Team")).toEqual([team.slug]);
      expect(receivedAs(bed, "X-Latchkey-Member-Id")).toEqual([bed.owner.memberId]);
      expect(receivedAs(bed, "X-Latchkey-Member-Email")).toEqual([email]);
      expect(receivedAs(bed, "X-Latchkey-Role")).toEqual(["Developer"]);
      expect(receivedAs(bed, "X-Latchkey-Scopes")).toEqual(["events.read events.write"]);
      expect(receivedAs(bed, "X-Latchkey-Expires-At")).toEqual(["2099-01-02T03:04:05.000Z"]);
    });

    test("a team key, with nothing where there is no member and no expiry", async () => {
      const { token } = await createTestKey(bed.owner, { kind: "team" });
      expect((await send(bed, { token })).status).toBe(200);
      const nothing = bed.kind.sendsEmptyHeaders ? [""] : [];
      for (const empty of ["Member-Id", "Member-Email", "Role", "Resource", "Expires-At"]) {
        expect(receivedAs(bed, `X-Latchkey-${empty}`)).toEqual(nothing);
      }
      expect(receivedAs(bed, "X-Latchkey-Key-Kind")).toEqual(["team"]);
    });

    test("the request as it was sent, without its token, and asks without its body and cookies", async () => {
      const { token } = await writer(bed);
      const headers: Call["headers"] = [
        ["Cookie", "session=secret"],
        ["X-Of-The-Api", "stays"],
      ];
      const sent = { method: "POST", path: "/events?token=%20x&b=2", body: "the body", token, headers };
      expect((await send(bed, sent)).status).toBe(200);
      expect(bed.api.received).toMatchObject([{ method: "POST", url: "/events?token=%20x&b=2", body: "the body" }]);
      expect(receivedAs(bed, "Authorization")).toEqual([]);
      expect(receivedAs(bed, "X-Of-The-Api")).toEqual(["stays"]);
      expect(bed.questions.asked).toHaveLength(1);
      const [question] = bed.questions.asked;
      expect(question).toMatchObject({
        method: "GET",
        url: "/api/v1/forward-auth?read=events.read&write=events.write",
      });
      expect(question?.headers.filter(([each]) => each === "authorization")).toEqual([
        ["authorization", `Bearer ${token}`],
      ]);
      expect(JSON.stringify(question?.headers)).not.toMatch(/session=secret|transfer-encoding/);
      expect(question?.headers.find(([each]) => each === "content-length")?.[1] ?? "0").toBe("0");
    });

    test("methods by what they do: HEAD and OPTIONS read, PUT, PATCH and DELETE write", async () => {
      const [read, write] = [await reader(bed), await writer(bed)];
      for (const method of ["HEAD", "OPTIONS"])
        expect((await send(bed, { method, token: read.token })).status).toBe(200);
      for (const method of ["PUT", "PATCH", "DELETE"]) {
        expect((await send(bed, { method, token: read.token })).status).toBe(403);
        expect((await send(bed, { method, token: write.token })).status).toBe(200);
      }
    });
  });

  describe("keeps out", () => {
    test("requests without a token: 401 with a bare challenge", async () => {
      const answer = await send(bed);
      expectRefused(bed, answer, 401, "unauthenticated");
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="latchkey"');
    });

    test("tokens in the query string", async () => {
      const { token } = await writer(bed);
      for (const parameter of ["token", "access_token"]) {
        expectRefused(bed, await send(bed, { path: `/events?${parameter}=${token}` }), 401, "unauthenticated");
      }
    });

    test("unknown tokens, revoked and expired keys: 401 with a challenge that says why", async () => {
      const revoked = await createTestKey(bed.owner, { revokedAt: new Date() });
      const expired = await createTestKey(bed.owner, { expiresAt: inDays(-1) });
      for (const [token, detail] of [
        ["garbage", "The token is not valid."],
        [revoked.token, "The token was revoked."],
        [expired.token, "The token has expired."],
      ]) {
        const answer = await send(bed, { token });
        expectRefused(bed, answer, 401, "invalid_token");
        expect(JSON.parse(answer.body).detail).toBe(detail);
        expect(answer.headers.get("www-authenticate")).toBe(
          `Bearer realm="latchkey", error="invalid_token", error_description="${detail}"`,
        );
      }
    });

    test("a key short of scope: 403 that names the scope", async () => {
      const { token } = await createTestKey(bed.owner, { scopes: ["contacts.read"] });
      const answer = await send(bed, { token });
      expectRefused(bed, answer, 403, "insufficient_scope");
      expect(answer.headers.get("www-authenticate")).toMatch(/error="insufficient_scope".* scope="events.read"$/);
    });

    test("a key for one part of the API from another part", async () => {
      const { token } = await reader(bed);
      expectRefused(bed, await send(bed, { path: "/reports/1", token }), 403, "insufficient_scope");
      expect((await send(bed, { path: "/events/1", token })).status).toBe(200);
    });

    test("a key narrowed to one resource, where the question names none", async () => {
      const { token } = await createTestKey(bed.owner, { resource: "event:7f1c3a52-9d5e-4b7a-8a43-0c6f1f4f9a11" });
      expectRefused(bed, await send(bed, { token }), 403, codeOf403(bed, "wrong_resource"));
    });

    test("two Authorization headers, whichever of them is good", async () => {
      const { token } = await writer(bed);
      for (const [first, second] of [
        [token, "garbage"],
        ["garbage", token],
        [token, token],
      ]) {
        const answer = await send(bed, {
          headers: [
            ["Authorization", `Bearer ${first}`],
            ["authorization", `Bearer ${second}`],
          ],
        });
        expect(answer.status).toBe(bed.kind.statusForTwoTokens);
        expect(bed.api.received).toEqual([]);
      }
    });

    test("everybody from parts of the API that have no line, and from the question's own address", async () => {
      const { token } = await writer(bed);
      const paths = ["/", "/eventsandmore", "/_latchkey/events", "/api/v1/forward-auth?scope=events.read"];
      for (const path of paths) expect((await send(bed, { path, token })).status).toBe(404);
      expect(bed.api.received).toEqual([]);
    });

    test("clients that sent too many bad tokens: 429 with Retry-After; good ones still get in", async () => {
      const from = `127.0.9.${Object.keys(GATEWAY_KINDS).indexOf(bed.name) + 1}`;
      for (let count = 0; count < MAX_ATTEMPTS; count++) countFailedAttempt(from);
      const answer = await send(bed, { from, token: "garbage" });
      expectRefused(bed, answer, 429, "too_many_attempts");
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(1);
      const { token } = await reader(bed);
      expect((await send(bed, { from, token })).status).toBe(200);
    });
  });

  test("a gateway that asks about any resource tells the API which one the key is narrowed to", async () => {
    const resource = "event:7f1c3a52-9d5e-4b7a-8a43-0c6f1f4f9a11";
    const { token } = await createTestKey(bed.owner, { resource });
    const edit = (text: string) => text.replaceAll("read=events.read", "resource=*&read=events.read");
    const answer = await sendThroughOther(bed, { edit }, { token });
    expect(answer.status).toBe(200);
    expect(receivedAs(bed, "X-Latchkey-Resource")).toEqual([resource]);
  });

  test("a revoked key is refused by the very next request, on connections kept alive all the way", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { id, token } = await reader(bed);
    for (let count = 0; count < 3; count++) expect((await send(bed, { agent, token })).status).toBe(200);
    await revokeApiKey(bed.owner, { id });
    expect((await send(bed, { agent, token })).status).toBe(401);
    expect(bed.api.received).toHaveLength(3);
    agent.destroy();
  });

  test("the gateway asks again on connections that it keeps open, and opens none for each request", async () => {
    const { token } = await reader(bed);
    await send(bed, { token });
    let opened = 0;
    const count = (message: unknown) => {
      if ((message as { socket: Socket }).socket.localPort === bed.verifierPort) opened++;
    };
    subscribe("net.server.socket", count);
    for (let sent = 0; sent < 40; sent++) expect((await send(bed, { token })).status).toBe(200);
    unsubscribe("net.server.socket", count);
    expect(opened).toBeLessThan(4);
  });

  test("tokens are not logged", async () => {
    const { token } = await createTestKey(bed.owner, { revokedAt: new Date() });
    await send(bed, { token });
    expect(bed.gateway.output()).not.toMatch(/lk_(pat|key)_[0-9a-f]{8}/);
  });
});
