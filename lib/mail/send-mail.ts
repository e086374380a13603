import "server-only";
import { isIP } from "node:net";
import nodemailer from "nodemailer";
import { z } from "zod";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { emailSchema } from "@/lib/text/email";

/** Somebody waits for the answer: a server that is slower than this counts as away. */
const TIMEOUTS_MS = { connectionTimeout: 5_000, greetingTimeout: 5_000, dnsTimeout: 5_000, socketTimeout: 8_000 };

const mailSchema = z.strictObject({
  to: emailSchema,
  subject: z.string().min(1).max(200),
  text: z.string().min(1).max(20_000),
});
export type Mail = z.input<typeof mailSchema>;

/** A mail that the server didn't take. Its text names no credentials and nothing that the server said. */
export class MailNotSent extends Error {}

/** Whether there is a server to send by. */
export function isMailConfigured(): boolean {
  return env().SMTP_URL !== undefined;
}

/**
 * Hands a plain-text mail to the server of `SMTP_URL`; throws {@link MailNotSent} when it doesn't take it within
 * seconds, which is logged. Called after the change that it tells of has committed, and never inside a transaction.
 */
export async function sendMail(mail: Mail): Promise<void> {
  const { SMTP_URL, MAIL_FROM } = env();
  if (SMTP_URL === undefined) throw new MailNotSent("SMTP_URL isn't set");
  const { to, subject, text } = mailSchema.parse(mail);
  const transport = nodemailer.createTransport(withOurRules(SMTP_URL));
  try {
    await transport.sendMail({
      from: MAIL_FROM,
      // As an object: a string would be read as a list, with names and groups.
      to: { name: "", address: to },
      subject: subject.replace(/\p{Cc}/gu, " "),
      text,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  } catch (error) {
    const { code, responseCode } = error as { code?: string; responseCode?: number };
    log.warn({ code, responseCode }, "mail not sent");
    throw new MailNotSent(`the mail server didn't take it (${responseCode ?? code ?? "unknown"})`);
  } finally {
    transport.close();
  }
}

/**
 * The operator's URL with our timeouts. A password goes over the network encrypted only: without STARTTLS the mail isn't
 * sent, unless the URL itself says `requireTLS=false`.
 */
function withOurRules(smtpUrl: string): string {
  const url = new URL(smtpUrl);
  for (const [name, ms] of Object.entries(TIMEOUTS_MS)) url.searchParams.set(name, String(ms));
  const mustEncrypt = url.protocol === "smtp:" && url.username !== "" && !isThisMachine(url.hostname);
  if (mustEncrypt && !url.searchParams.has("requireTLS")) url.searchParams.set("requireTLS", "true");
  return url.href;
}

function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || (isIP(hostname) === 4 && hostname.startsWith("127."));
}
