import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll } from "vitest";
import { freePort } from "../../scripts/free-port.ts";
import { type RunningVerifier, startVerifier } from "../service.ts";

// Set before the environment is read, so that tests can choose the address of their requests.
process.env.TRUSTED_PROXIES = "127.0.0.0/8, ::1";

export interface Call {
  method?: string;
  /** A list sends the header several times. */
  headers?: OutgoingHttpHeaders;
  body?: string;
  /** The client's address, as reported by a trusted proxy. */
  ip?: string;
}

export interface CallAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Throws for what isn't JSON. */
// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is for the test to say.
export const jsonOf = ({ body }: Pick<CallAnswer, "body">): any => JSON.parse(body);

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export function basic(keyId: string, token: string) {
  return { authorization: `Basic ${Buffer.from(`${keyId}:${token}`).toString("base64")}` };
}

/** Starts a verifier in this process for the tests of a file, and returns functions to call it. */
export function testVerifier() {
  const state = { port: 0 };
  let verifier: RunningVerifier;
  beforeAll(async () => {
    state.port = await freePort();
    verifier = await startVerifier(state.port);
  });
  afterAll(() => verifier.close(AbortSignal.abort()));

  async function call(path: string, { method = "GET", headers, body, ip }: Call = {}): Promise<CallAnswer> {
    return new Promise((resolve, reject) => {
      const forwarded = ip === undefined ? {} : { "x-forwarded-for": ip };
      // The path unchanged: a URL would be normalized.
      const to = { host: "127.0.0.1", port: state.port, path, method, headers: { ...forwarded, ...headers } };
      const outgoing = request(to, (incoming) => {
        const { statusCode: status = 0, headers } = incoming;
        text(incoming).then((body) => resolve({ status, headers, body }), reject);
      });
      outgoing.once("error", reject).end(body);
    });
  }

  return {
    get url() {
      return `http://127.0.0.1:${state.port}`;
    },
    call,
    postJson: (path: string, body: unknown, { headers, ...rest }: Call = {}) =>
      call(path, {
        ...rest,
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    postForm: (path: string, form: Record<string, string> | string, { headers, ...rest }: Call = {}) =>
      call(path, {
        ...rest,
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        body: new URLSearchParams(form).toString(),
      }),
  };
}

export type TestVerifier = ReturnType<typeof testVerifier>;
