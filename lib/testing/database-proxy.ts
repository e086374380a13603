import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * A proxy between the pool and the real database that a test can cut and restore. Point DATABASE_URL at `url` before
 * importing anything from `lib`.
 */
export class DatabaseProxy {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private target: URL;
  private port = 0;
  private held: (() => void)[] | null = null;
  private onHeld: (() => void) | undefined;

  /** `answerDelayMs`: latency of the database's responses. */
  constructor(
    databaseUrl: string,
    public answerDelayMs = 0,
  ) {
    this.target = new URL(databaseUrl);
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${this.port}`;
    return url.href;
  }

  /** Accepts connections, on the same port as before. */
  open(): Promise<void> {
    return this.listen((client) => this.join(client));
  }

  /** Breaks all connections; new ones lead to another server, as after a failover of the address. */
  async pointAt(databaseUrl: string): Promise<void> {
    await this.cut();
    this.target = new URL(databaseUrl);
    await this.open();
  }

  /** Accepts connections and never responds, like a hanging host or a firewall that drops packets. */
  openSilently(): Promise<void> {
    return this.listen((client) => this.sockets.add(client.on("error", () => {})));
  }

  private async listen(take: (client: Socket) => void): Promise<void> {
    if (this.server?.listening) return;
    const server = createServer(take);
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    const address = server.address();
    if (address && typeof address === "object") this.port = address.port;
    this.server = server;
  }

  /** Breaks all connections and refuses new ones, as when the database stops. */
  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Holds back the database's responses; resolves once there is one, so its data has been read. */
  hold(): Promise<void> {
    this.held = [];
    return new Promise((resolve) => {
      this.onHeld = resolve;
    });
  }

  /** Forwards what was held back. */
  release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const pass of held) pass();
  }

  private join(client: Socket): void {
    const database = connect(Number(this.target.port), this.target.hostname);
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(database);
    database.on("data", (chunk: Buffer) => {
      if (this.answerDelayMs > 0) return void setTimeout(() => client.write(chunk), this.answerDelayMs);
      if (!this.held) return void client.write(chunk);
      this.held.push(() => client.write(chunk));
      this.onHeld?.();
    });
  }
}
