import type { Socket } from "node:net";

const LINGER_MS = 2_000;

/**
 * Closes a connection so that the client receives everything written: closing while data arrives resets it, and a
 * client that sees the reset first loses the response. Incoming data is discarded until the client closes, or for two
 * seconds.
 */
export function closeLingering(socket: Socket): void {
  if (socket.destroyed || socket.writableEnded) return;
  socket.end();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once("close", () => clearTimeout(timer));
}
