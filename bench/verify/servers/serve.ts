import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** Answers a token: an object for a good one, undefined for a bad one. */
type Verify = (token: string) => Promise<object | undefined>;

/** Serves requests with a Bearer token at PORT, with as little around the look-up as `node:http` allows. */
export function serveVerification(verify: Verify): void {
  serve(async (request, response) => {
    try {
      const found = await verify((request.headers.authorization ?? "").slice("Bearer ".length));
      answer(response, found ? 200 : 401, { success: found !== undefined, data: found });
    } catch (error) {
      console.error(error);
      answer(response, 503, { success: false });
    }
  });
}

export function serve(listener: (request: IncomingMessage, response: ServerResponse) => void): void {
  createServer(listener).listen(Number(process.env.PORT), "127.0.0.1", () => console.log("Ready"));
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  response.writeHead(status, headers).end(text);
}
