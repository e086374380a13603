import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** Sends header lines unchanged, even malformed ones, and returns the response's status and body. */
export async function rawRequest(
  port: number,
  lines: readonly string[],
  path = "/events",
  host = `127.0.0.1:${port}`,
): Promise<{ status: number; body: string }> {
  const socket = connect(port, "127.0.0.1");
  // HTTP/1.0 has no chunks to put together.
  socket.write(`${[`GET ${path} HTTP/1.0`, `Host: ${host}`, ...lines].join("\r\n")}\r\n\r\n`, "latin1");
  const answer = await text(socket);
  const [, status = "0"] = /^HTTP\/1\.\d (\d{3})/.exec(answer) ?? [];
  return { status: Number(status), body: answer.slice(answer.indexOf("\r\n\r\n") + 4) };
}
