import { Agent, request } from "node:http";

export interface Ask {
  method: "GET" | "POST" | "DELETE";
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** From sending the request to the end of its response. */
  tookMs: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** Sends one request to an instance; rejects if the connection breaks. */
export function ask(
  url: string,
  { method, path, headers, body }: Ask,
  through: Agent | false = agent,
): Promise<Answer> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const length: Record<string, string> =
      body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const outgoing = request(url + path, { method, agent: through, headers: { ...length, ...headers } }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      incoming.once("error", reject).once("end", () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: text,
          tookMs: performance.now() - begun,
        }),
      );
    });
    outgoing.once("error", reject).end(body);
  });
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
