import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** Verifies a token: an object if valid, otherwise undefined. */
type Verify = (token: string) => Promise<object | undefined>;

/** Serves requests with a Bearer token at PORT, with minimal overhead around the lookup. */
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
