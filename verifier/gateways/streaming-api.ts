import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { headersOf } from "./echoing-api.ts";

export interface StreamingApi {
  port: number;
  /** The headers of each request that was let through. */
  received: [name: string, value: string][][];
  /** Bytes of bodies that have arrived so far. */
  bytesReceived: number;
  /** Sends the second part of the pending response. */
  sendSecondPart(): void;
  close(): void;
}

/** RFC 6455, section 4.2.2. */
const WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** An API that counts uploads, streams its response to GET, and echoes WebSocket messages. */
export async function startStreamingApi(): Promise<StreamingApi> {
  let streaming: ServerResponse | undefined;
  const server = createServer((request, response) => {
    api.received.push(headersOf(request));
    if (request.method === "POST") countUpload(request, response, api);
    else {
      streaming = response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      streaming.write("data: first\n\n");
    }
  });
  server.on("upgrade", (request, socket) => {
    api.received.push(headersOf(request));
    echoWebSocket(request, socket);
  });
  const api: StreamingApi = {
    port: 0,
    received: [],
    bytesReceived: 0,
    sendSecondPart: () => streaming?.end("data: second\n\n"),
    close: () => server.close().closeAllConnections(),
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  api.port = typeof address === "object" && address ? address.port : 0;
  return api;
}

function countUpload(request: IncomingMessage, response: ServerResponse, api: StreamingApi): void {
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    api.bytesReceived += chunk.length;
  });
  request.on("end", () => response.end(String(bytes))).on("error", () => {});
}

function echoWebSocket({ headers }: IncomingMessage, socket: Duplex): void {
  const accept = createHash("sha1").update(`${headers["sec-websocket-key"]}${WEBSOCKET_GUID}`).digest("base64");
  const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
  socket.write(`${[...head, `Sec-WebSocket-Accept: ${accept}`].join("\r\n")}\r\n\r\n`);
  socket.on("error", () => {}).pipe(socket);
}
