import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** A mail server for one test; mails are read as text. */
export async function startMailbox() {
  const received: { to: string; text: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, { envelope }, done) {
      let text = "";
      stream.on("data", (chunk) => {
        text += chunk;
      });
      stream.on("end", () => {
        const plain = text.replace(/=\r\n/g, "").replace(/=3D/g, "=");
        received.push({ to: envelope.rcptTo.map(({ address }) => address).join(), text: plain });
        done();
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    /** Configures modules imported from now on, after `vi.resetModules()`. */
    useForThisProcess() {
      Object.assign(process.env, { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "keys@example.com" });
    },
    lastTo: (email: string) => received.findLast(({ to }) => to === email)?.text ?? "",
    close: () => new Promise<void>((closed) => server.close(closed)),
  };
}
