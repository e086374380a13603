import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** A request as received by the API behind a gateway. */
export interface Received {
  method: string;
  url: string;
  /** Names in lower case, in the received order, with duplicates. */
  headers: [name: string, value: string][];
  body: string;
}

export interface EchoingApi {
  port: number;
  /** Every request that was let through, oldest first. */
  received: Received[];
  close(): void;
}

/** An API that trusts its gateway: it answers 200 with the request it received. */
export async function startEchoingApi(): Promise<EchoingApi> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "" } = request;
    const one = { method, url, headers: headersOf(request), body: await text(request) };
    received.push(one);
    response.writeHead(200, { "content-type": "application/json", "x-request-id": "an-id-of-the-api-s-own" });
    response.end(JSON.stringify(one));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    received,
    close: () => server.close().closeAllConnections(),
  };
}

/** The headers one by one, which `request.headers` joins or drops. */
export function headersOf({ rawHeaders }: Pick<IncomingMessage, "rawHeaders">): [string, string][] {
  const headers: [string, string][] = [];
  for (let place = 0; place < rawHeaders.length; place += 2) {
    headers.push([rawHeaders[place]?.toLowerCase() ?? "", rawHeaders[place + 1] ?? ""]);
  }
  return headers;
}
