import { createServer, type Server } from "node:net";
import { expect, test } from "vitest";
import { GATEWAY_KINDS } from "./gateway-kinds.ts";
import { database, expectRefused, onEveryGateway, reader, send, sendThroughOther, writer } from "./testbed.ts";

// Nobody gets in when the question has no answer:
onEveryGateway((bed) => {
  test("while the database is away: 503 with Retry-After, and right answers once it is back", async () => {
    const { token } = await reader(bed);
    await database.cut();
    const answer = await send(bed, { token });
    await database.open();
    expectRefused(bed, answer, 503, "unavailable");
    expect(answer.headers.get("retry-after")).toBe("1");
    await expect.poll(async () => (await send(bed, { token })).status).toBe(200);
  });

  test("while the verifier is down: 503 with Retry-After, and right answers once it is back", async () => {
    const { token } = await reader(bed);
    const answer = await bed.withoutVerifier(() => send(bed, { token }));
    expectRefused(bed, answer, 503, "unavailable");
    expect(answer.headers.get("retry-after")).toBe("1");
    expect((await send(bed, { token })).status).toBe(200);
  });

  test("when the verifier accepts the request and doesn't respond: 503, after seconds and not minutes", async () => {
    const { token } = await reader(bed);
    const silent = await listenSilently();
    const begun = Date.now();
    const answer = await sendThroughOther(bed, { verifierPort: portOf(silent) }, { token });
    silent.close();
    expectRefused(bed, answer, 503, "unavailable");
    expect(Date.now() - begun).toBeLessThan(8_000);
  });

  test("when the question is one that Latchkey can't read", async () => {
    const { token } = await writer(bed);
    const edit = (text: string) => text.replaceAll("read=events.read", "reed=events.read");
    const answer = await sendThroughOther(bed, { edit }, { token });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(bed.api.received).toEqual([]);
  });
});

// HAProxy goes on with a request when the script that it asked breaks off.
onEveryGateway(
  (bed) => {
    test("when the script breaks off", async () => {
      const { token } = await writer(bed);
      const edit = (text: string) => text.replace("local answer =", "error('broken') local answer =");
      expectRefused(bed, await sendThroughOther(bed, { edit }, { token }), 503, "unavailable");
    });
  },
  { haproxy: GATEWAY_KINDS.haproxy },
);

async function listenSilently(): Promise<Server> {
  const server = createServer((socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}
