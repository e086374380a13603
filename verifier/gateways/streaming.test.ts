import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { call } from "./client.ts";
import { GATEWAY_KINDS } from "./gateway-kinds.ts";
import { type RunningGateway, startGateway } from "./running-gateway.ts";
import { type StreamingApi, startStreamingApi } from "./streaming-api.ts";
import { createTestKey, onEveryGateway, type Testbed } from "./testbed.ts";

const MB = 1_048_576;
const HANDSHAKE = {
  connection: "Upgrade, X-Latchkey-Role",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

onEveryGateway((bed) => {
  let api: StreamingApi;
  let gateway: RunningGateway;
  let token: string;

  beforeAll(async () => {
    api = await startStreamingApi();
    gateway = await startGateway(bed.kind, { verifierPort: bed.verifierPort, apiPort: api.port });
    ({ token } = await createTestKey(bed.owner, {
      scopes: ["events.read", "events.write", "reports.read", "reports.write"],
    }));
  });

  beforeEach(() => {
    api.received.length = 0;
    api.bytesReceived = 0;
  });

  afterAll(async () => {
    await gateway?.stop();
    api?.close();
  });

  const open = (path: string, { as = token, method = "GET", headers = {} }: Opening = {}): ClientRequest => {
    const own = { ...(as && { authorization: `Bearer ${as}` }), "x-latchkey-role": "forged", ...headers };
    return request({ host: "127.0.0.1", port: gateway.port, path, method, headers: own }).on("error", () => {});
  };

  function expectVouchedFor(): void {
    expect(api.received).toHaveLength(1);
    const headers = new Headers(api.received[0]);
    expect(headers.get("x-latchkey-role")).toBe("Developer");
    expect(headers.get("authorization")).toBeNull();
  }

  describe("a WebSocket", () => {
    const connect = (protocol: string | string[], as?: string) =>
      open("/events/live", { as, headers: { ...HANDSHAKE, ["upgrade" as string]: protocol } });

    test.each(["websocket", "WebSocket"])(
      "passes with a key (Upgrade: %s), and carries both ways",
      async (protocol) => {
        const [response, socket] = await upgraded(connect(protocol));
        expect(response.statusCode).toBe(101);
        socket.write("there and back");
        expect(String((await once(socket, "data"))[0])).toBe("there and back");
        socket.destroy();
        expectVouchedFor();
      },
    );

    test("is refused without one", async () => {
      for (const as of ["", "garbage"]) expect((await answered(connect("websocket", as))).statusCode).toBe(401);
      expect(api.received).toEqual([]);
    });

    test("begins with GET: no other method, a preflight's above all, changes the protocol", async () => {
      for (const method of ["OPTIONS", "POST"]) {
        api.received.length = 0;
        const headers = { ...HANDSHAKE, upgrade: "websocket", "content-length": 0 };
        const call = open("/events/live", { method, headers });
        call.end();
        await Promise.race([once(call, "response"), once(call, "upgrade")]);
        call.destroy();
        for (const received of api.received) expect(new Headers(received).get("upgrade")).toBeNull();
      }
    });

    test("is the only protocol to upgrade to: others could carry requests that are never verified", async () => {
      for (const protocol of ["h2c", "websocket, h2c", "h2c, websocket", ["h2c", "websocket"]]) {
        api.received.length = 0;
        const call = connect(protocol);
        call.end();
        await Promise.race([once(call, "response"), once(call, "upgrade")]);
        call.destroy();
        for (const headers of api.received) expect(JSON.stringify(headers)).not.toContain("h2c");
      }
    });
  });

  test("a streamed response arrives as a stream", async () => {
    const response = await answered(open("/events/stream"));
    response.setEncoding("utf8");
    expect((await once(response, "data"))[0]).toBe("data: first\n\n");
    api.sendSecondPart();
    expect(await text(response)).toBe("data: second\n\n");
    expectVouchedFor();
  });

  describe("an upload", () => {
    const upload = (bytes: number, as?: string) =>
      open("/reports", { as, method: "POST", headers: { "content-length": bytes } });

    test("of 100 MB passes with a key, and arrives while it is sent", async () => {
      const call = upload(100 * MB);
      const response = answered(call);
      const chunk = Buffer.alloc(MB, "x");
      call.write(chunk);
      await expect.poll(() => api.bytesReceived).toBe(MB);
      for (let sent = 1; sent < 100; sent++) if (!call.write(chunk)) await once(call, "drain");
      call.end();
      expect(await text(await response)).toBe(String(100 * MB));
      expectVouchedFor();
    });

    test("is refused by its head, without one and when it is too large", async () => {
      for (const [bytes, as, status] of [
        [100 * MB, "", 401],
        [100 * MB, "garbage", 401],
        [200 * MB, token, 413],
      ] as const) {
        const call = upload(bytes, as);
        call.flushHeaders();
        expect((await answered(call)).statusCode).toBe(status);
        expect(api.received).toEqual([]);
        call.destroy();
      }
    });
  });
});

// A location of nginx inherits no proxy_set_header as soon as it has one of its own.
onEveryGateway(
  (bed) => {
    const forged: [string, string][] = [["X-Latchkey-Role", "forged"]];

    test("a location that adds headers of its own loses none of ours", async () => {
      const { token } = await createTestKey(bed.owner);
      const own = "proxy_set_header X-Own own; add_header X-Own own; error_page 418 /; auth_request_set $own x;";
      const answer = await throughOther(bed, (text) => text.replaceAll("proxy_pass http://api;", `$& ${own}`), token);
      expect(answer.status).toBe(200);
      const headers = new Headers(bed.api.received[0]?.headers);
      expect([headers.get("x-own"), headers.get("x-latchkey-role")]).toEqual(["own", "Developer"]);
      expect(headers.get("authorization")).toBeNull();
      const refused = await throughOther(bed, (text) => text.replaceAll("proxy_pass http://api;", `$& ${own}`), "x");
      expect(JSON.parse(refused.body).code).toBe("invalid_token");
    });

    test.each([
      ["include", /include .*latchkey-location.conf;/, 403],
      ["question", /set \$latchkey_question .*;/g, 503],
    ])("a location that forgets its %s lets nobody in", async (_, line, status) => {
      const { token } = await createTestKey(bed.owner);
      // The question's variable has to be set somewhere.
      const edit = (text: string) =>
        text.replace(line, "").replace("location / {", "location / { set $latchkey_question x;");
      expect((await throughOther(bed, edit, token)).status).toBe(status);
      expect(bed.api.received).toEqual([]);
    });

    async function throughOther({ kind, verifierPort, api }: Testbed, edit: (text: string) => string, token: string) {
      const other = await startGateway(kind, { verifierPort, apiPort: api.port, edit });
      return call(other.port, { token, headers: forged }).finally(() => other.stop());
    }
  },
  { nginx: GATEWAY_KINDS.nginx },
);

interface Opening {
  as?: string;
  method?: string;
  headers?: OutgoingHttpHeaders;
}

async function answered(call: ClientRequest): Promise<IncomingMessage> {
  if (call.getHeader("content-length") === undefined) call.end();
  const [response] = await once(call, "response");
  return response;
}

async function upgraded(call: ClientRequest): Promise<[IncomingMessage, Socket]> {
  call.end();
  call.on("response", ({ statusCode }) => call.emit("error", new Error(`answered with ${statusCode}`)));
  const [response, socket] = await once(call, "upgrade");
  return [response, socket];
}
