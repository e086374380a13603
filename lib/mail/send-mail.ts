import "server-only";
import { isIP } from "node:net";
import nodemailer from "nodemailer";
import { z } from "zod";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { emailSchema } from "@/lib/text/email";

/** A user is waiting, so a slower server counts as unavailable. */
const TIMEOUTS_MS = { connectionTimeout: 5_000, greetingTimeout: 5_000, dnsTimeout: 5_000, socketTimeout: 8_000 };

const mailSchema = z.strictObject({
  to: emailSchema,
  subject: z.string().min(1).max(200),
  text: z.string().min(1).max(20_000),
});
export type Mail = z.input<typeof mailSchema>;

/** The server didn't accept the mail. The message contains no credentials and nothing from the server. */
export class MailNotSent extends Error {}

export function isMailConfigured(): boolean {
  return env().SMTP_URL !== undefined;
}

/**
 * Sends a plain-text mail through `SMTP_URL`. Throws {@link MailNotSent}, and logs it, if the server doesn't accept it
 * within seconds. Call after the corresponding change has committed, never inside a transaction.
 */
export async function sendMail(mail: Mail): Promise<void> {
  const { SMTP_URL, MAIL_FROM } = env();
  if (SMTP_URL === undefined) throw new MailNotSent("SMTP_URL isn't set");
  const { to, subject, text } = mailSchema.parse(mail);
  const transport = nodemailer.createTransport(withTimeouts(SMTP_URL));
  try {
    await transport.sendMail({
      from: MAIL_FROM,
      // An object, because a string would be parsed as a list with names and groups.
      to: { name: "", address: to },
      subject: subject.replace(/\p{Cc}/gu, " "),
      text,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  } catch (error) {
    const { code, responseCode } = error as { code?: string; responseCode?: number };
    log.warn({ code, responseCode }, "mail not sent");
    throw new MailNotSent(`the mail server rejected it (${responseCode ?? code ?? "unknown"})`);
  } finally {
    transport.close();
  }
}

/**
 * The operator's URL with our timeouts. Passwords are only sent encrypted: without STARTTLS the mail isn't sent, unless
 * the URL says `requireTLS=false`.
 */
function withTimeouts(smtpUrl: string): string {
  const url = new URL(smtpUrl);
  for (const [name, ms] of Object.entries(TIMEOUTS_MS)) url.searchParams.set(name, String(ms));
  const mustEncrypt = url.protocol === "smtp:" && url.username !== "" && !isThisMachine(url.hostname);
  if (mustEncrypt && !url.searchParams.has("requireTLS")) url.searchParams.set("requireTLS", "true");
  return url.href;
}

function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || (isIP(hostname) === 4 && hostname.startsWith("127."));
}
