import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:http2";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { IDENTITY_HEADERS } from "../endpoints/forward-auth.ts";
import { type PhpApi, startPhpApi } from "./php-api.ts";
import { rawRequest } from "./raw-request.ts";
import { type RunningGateway, startGateway } from "./running-gateway.ts";
import { createTestKey, onEveryGateway } from "./testbed.ts";

/** What frameworks take another method, path or address from. */
const MISLEADING = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-method",
  "x-forwarded-proto",
  "x-forwarded-uri",
  "x-http-method",
  "x-http-method-override",
  "x-method-override",
  "x-original-method",
  "x-original-uri",
  "x-original-url",
  "x-real-ip",
  "x-rewrite-url",
];

/** Every sign that a header's name may have (RFC 9110, section 5.6.2) beside letters and digits. */
const SIGNS = [..."-_.!#$%&'*+^`|~"];

const capitalized = (name: string) => name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
/** `-` replaced by one sign and another in turn. */
const mixed = (name: string, signs: string) => {
  let place = 0;
  return name.replaceAll("-", () => signs[place++ % signs.length] ?? "-");
};

const SPELLINGS: [example: string, spell: (name: string) => string][] = [
  ...SIGNS.map((sign): [string, (name: string) => string] => [
    `X${sign}Latchkey${sign}Role`,
    (name) => capitalized(name).replaceAll("-", sign),
  ]),
  ["x-latchkey-role", (name) => name],
  ["X-LATCHKEY-ROLE", (name) => name.toUpperCase()],
  ["x_LATCHKEY_role", (name) => mixed(name, "_").replace(/latchkey/, "LATCHKEY")],
  ["X-Latchkey_Role", (name) => mixed(capitalized(name), "-_")],
  ["X_Latchkey-Role", (name) => mixed(capitalized(name), "_-")],
  ["X.Latchkey_Role", (name) => mixed(capitalized(name), "._")],
  ["X.Latchkey-Role", (name) => mixed(capitalized(name), ".-")],
  ["X-Latchkey.Role", (name) => mixed(capitalized(name), "-.")],
  // Those that follow are no names of headers.
  ["X Latchkey Role", (name) => name.replaceAll("-", " ")],
  ["X-Latchkey-Role[]", (name) => `${name}[]`],
  ["X-Latchkey-Role with a space behind it", (name) => `${name} `],
  ["X-Latchkey-Role with a space before it", (name) => ` ${name}`],
  ["X-Latchkey-Role with a tab behind it", (name) => `${name}\t`],
  ["X-Latchkey-Role behind a bare line feed", (name) => `X-Other: 1\n${name}`],
  ["X-Latchkey-Role with a zero byte", (name) => `${name}\0`],
];

// PHP has one value for each name, and the last header that reads like it wins.
onEveryGateway((bed) => {
  let php: PhpApi;
  let gateway: RunningGateway;
  let token: string;
  let honest: object;

  beforeAll(async () => {
    php = await startPhpApi();
    gateway = await startGateway(bed.kind, { verifierPort: bed.verifierPort, apiPort: php.port });
    ({ token } = await createTestKey(bed.owner, { name: "Real", resource: null }));
    const { status, read } = await ask([]);
    expect(status).toBe(200);
    expect(read).toMatchObject({ HTTP_X_LATCHKEY_KEY_NAME: "Real", HTTP_X_LATCHKEY_ROLE: "Developer" });
    expect(read).not.toHaveProperty("HTTP_AUTHORIZATION");
    honest = read;
  }, 120_000);

  afterAll(async () => {
    await gateway?.stop();
    await php?.stop();
  });

  /** What $_SERVER has of headers, but for the request's own id. */
  async function ask(lines: string[]): Promise<{ status: number; read: object }> {
    const { status, body } = await rawRequest(gateway.port, [`Authorization: Bearer ${token}`, ...lines]);
    if (status !== 200) return { status, read: {} };
    const { HTTP_X_REQUEST_ID: _, ...read } = JSON.parse(body);
    return { status, read };
  }

  test.each(SPELLINGS)("changes nothing of what PHP reads: %s", async (_example, spell) => {
    const names = [...IDENTITY_HEADERS, ...MISLEADING];
    for (const lines of [
      names.map((name) => `${spell(name)}: forged`),
      names.flatMap((name) => [`${spell(name)}: forged`, `${spell(name)}: again`]),
      names.map((name) => `${spell(name)}:`),
    ]) {
      const { status, read } = await ask(["X-Other: 1", ...lines]);
      // What isn't a header at all may be refused, and else it must have no effect.
      expect([200, 400]).toContain(status);
      if (status === 200) expect({ ...read, HTTP_X_OTHER: undefined }).toEqual({ ...honest, HTTP_X_OTHER: undefined });
    }
  });

  test("changes nothing of what PHP reads: headers behind the body", async () => {
    const forged = Object.fromEntries([...IDENTITY_HEADERS, "x-other"].map((name) => [name, "forged"]));
    const ways = bed.kind.speaksHttp2 ? [overHttp1, overHttp2] : [overHttp1];
    for (const send of ways) {
      for (const body of ["the body", ""]) {
        const answer = await send(gateway.port, token, body, forged);
        expect(answer).not.toContain("forged");
        if (answer !== "411") expect(JSON.parse(answer)).toMatchObject({ HTTP_X_LATCHKEY_ROLE: "Developer" });
      }
    }
  });

  test("names that Latchkey may use one day are stripped too", async () => {
    const names = ["X_Latchkey_New", "X.Latchkey.New", "x-latchkey_new"];
    if (bed.kind.stripsUnknownNames) names.push("X-Latchkey-New", "x-latchkeynew");
    expect((await ask(names.map((name) => `${name}: forged`))).read).toEqual(honest);
  });
});

/** The answer to a request with headers behind its body, or its status where that isn't 200. */
type SendTrailers = (port: number, token: string, body: string, trailers: Record<string, string>) => Promise<string>;

const overHttp1: SendTrailers = async (port, token, body, trailers) => {
  const headers = { authorization: `Bearer ${token}`, "transfer-encoding": "chunked" };
  const call = request({ host: "127.0.0.1", port, path: "/events", headers });
  call.addTrailers(trailers);
  call.end(body);
  const [response] = await once(call, "response");
  const answer = await text(response);
  return response.statusCode === 200 ? answer : String(response.statusCode);
};

const overHttp2: SendTrailers = async (port, token, body, trailers) => {
  const session = connect(`http://127.0.0.1:${port}`);
  const headers = { ":path": "/events", authorization: `Bearer ${token}` };
  const stream = session.request(headers, { endStream: false, waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.end(body);
  const [{ ":status": status }] = await once(stream, "response");
  const answer = await text(stream);
  session.destroy();
  return status === 200 ? answer : String(status);
};
