import { createServer, type Server } from "node:net";

/** Error codes on systems without IPv6, which have no `::`. */
const NO_IPV6 = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"]);

/** Listens on all interfaces, over IPv6 and IPv4. */
export async function listen(server: Server, port: number): Promise<void> {
  try {
    await listenOn(server, port, "::");
  } catch (error) {
    if (!NO_IPV6.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await listenOn(server, port, "0.0.0.0");
  }
}

/** Throws the error that listening on the port would cause, so that it is known before a long build. */
export async function assertPortFree(port: number): Promise<void> {
  const probe = createServer();
  await listen(probe, port);
  await new Promise((resolve) => probe.close(resolve));
}

function listenOn(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
