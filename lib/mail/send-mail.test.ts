import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, expect, test, vi } from "vitest";

type Received = { from: string; to: string[]; user: string | undefined; text: string };

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
  vi.unstubAllEnvs();
});

/** A real mail server on this machine, with the mails it received. */
async function mailServer(options: SMTPServerOptions = {}): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, { envelope, user }, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("end", () => {
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        received.push({ from, to, user, text: Buffer.concat(chunks).toString() });
        done();
      });
    },
    ...options,
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  closing.push(() => server.close());
  return { port: (server.server.address() as AddressInfo).port, received };
}

/** The module as loaded by a process configured with this server. */
async function withServer(smtpUrl: string) {
  vi.resetModules();
  vi.stubEnv("SMTP_URL", smtpUrl);
  vi.stubEnv("MAIL_FROM", smtpUrl && "Latchkey <keys@example.com>");
  return import("@/lib/mail/send-mail");
}

const MAIL = { to: "ada@example.com", subject: "Hello", text: "One line.\nAnd another: ünïcode." };

test("without SMTP_URL there is no server to send by", async () => {
  const { isMailConfigured, sendMail, MailNotSent } = await withServer("");
  expect(isMailConfigured()).toBe(false);
  await expect(sendMail(MAIL)).rejects.toBeInstanceOf(MailNotSent);
});

test("a mail reaches the server, from MAIL_FROM, in plain text", async () => {
  const { port, received } = await mailServer();
  const { isMailConfigured, sendMail } = await withServer(`smtp://127.0.0.1:${port}`);
  expect(isMailConfigured()).toBe(true);
  await sendMail(MAIL);
  expect(received).toMatchObject([{ from: "keys@example.com", to: ["ada@example.com"] }]);
  expect(received[0]?.text).toMatch(/^From: Latchkey <keys@example\.com>\r$/m);
  expect(received[0]?.text).toMatch(/^Subject: Hello\r$/m);
  expect(received[0]?.text).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m);
});

test("the URL's user name and password are used, as they were before they were escaped", async () => {
  const seen: unknown[] = [];
  const { port } = await mailServer({
    authOptional: false,
    onAuth({ username, password }, _session, done) {
      seen.push({ username, password });
      done(null, { user: username });
    },
  });
  const { sendMail } = await withServer(`smtp://us%40er:p%3Ass@127.0.0.1:${port}`);
  await sendMail(MAIL);
  expect(seen).toEqual([{ username: "us@er", password: "p:ss" }]);
});

test("a refusal says neither the password nor what the server said", async () => {
  const { port } = await mailServer({
    authOptional: false,
    onAuth: (_auth, _session, done) => done(new Error("no such user at shop-internal")),
  });
  const { sendMail, MailNotSent } = await withServer(`smtp://user:hunter22@127.0.0.1:${port}`);
  const error = await sendMail(MAIL).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(MailNotSent);
  expect(String(error)).not.toMatch(/hunter22|shop-internal/);
});

test("a line break in a subject makes no header of its own", async () => {
  const { port, received } = await mailServer();
  const { sendMail } = await withServer(`smtp://127.0.0.1:${port}`);
  await sendMail({ ...MAIL, subject: "Hi\r\nBcc: eve@example.com\r\n\r\nbody" });
  expect(received[0]?.to).toEqual(["ada@example.com"]);
  expect(received[0]?.text).not.toMatch(/^Bcc:/im);
});

test.each(["ada@example.com, eve@example.com", "ada@example.com\r\nBcc: eve@example.com", "Ada <ada@example.com>", ""])(
  "%j is no address to send to",
  async (to) => {
    const { port, received } = await mailServer();
    const { sendMail } = await withServer(`smtp://127.0.0.1:${port}`);
    await expect(sendMail({ ...MAIL, to })).rejects.toThrow();
    expect(received).toEqual([]);
  },
);

test("a server that isn't there, or hangs up at once, is a mail not sent", async () => {
  const silent = createServer((socket) => socket.destroy());
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
  const { port } = silent.address() as AddressInfo;
  const hungUp = await withServer(`smtp://127.0.0.1:${port}`);
  await expect(hungUp.sendMail(MAIL)).rejects.toBeInstanceOf(hungUp.MailNotSent);
  await new Promise((closed) => silent.close(closed));
  const gone = await withServer(`smtp://127.0.0.1:${port}`);
  await expect(gone.sendMail(MAIL)).rejects.toBeInstanceOf(gone.MailNotSent);
});
