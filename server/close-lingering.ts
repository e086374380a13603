import type { Socket } from "node:net";

const LINGER_MS = 2_000;

/**
 * Closes a connection so that its client gets all that was written: closing while something is coming in resets it, and
 * a client that sees the reset first loses the answer. What comes in is discarded until the client closes too, or for
 * two seconds.
 */
export function closeLingering(socket: Socket): void {
  if (socket.destroyed || socket.writableEnded) return;
  socket.end();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once("close", () => clearTimeout(timer));
}
