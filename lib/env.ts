import { z } from "zod";
import { normalizeRange } from "@/lib/api-keys/ip-ranges";
import { DatabaseUrlError, readDatabaseUrl } from "@/lib/database/database-url";

/** An empty variable (`PORT=`) counts as absent. */
const absentWhenEmpty = (value: unknown) => (value === "" ? undefined : value);

const port = z.coerce
  .number("must be a port number between 1 and 65535")
  .int("must be a port number between 1 and 65535")
  .min(1, "must be a port number between 1 and 65535")
  .max(65535, "must be a port number between 1 and 65535");

const tokenPrefix = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,22}_$/,
    "must be 2 to 24 lowercase letters, digits and _, start with a letter and end with _",
  )
  .refine((prefix) => prefix !== "lk_ses_", "must not be lk_ses_, the prefix of session tokens");

const databaseUrl = z.string().superRefine((text, context) => {
  try {
    readDatabaseUrl(text);
  } catch (error) {
    if (!(error instanceof DatabaseUrlError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
  }
});

/** IP addresses and ranges separated by commas, by the same rules as a key's allowlist. */
const addressRanges = z
  .string()
  .default("")
  .transform((list, context) => {
    const entries = list.split(",").map((entry) => entry.trim());
    return entries.filter(Boolean).map((entry) => {
      const read = normalizeRange(entry);
      if ("range" in read) return read.range;
      const message = `must be IP addresses or CIDR ranges separated by commas, e.g. 10.0.0.0/8: ${read.problem.slice(0, -1)}`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    });
  });

const MIN_SECRET_LENGTH = 32;

/** Whitespace, control characters and characters without width; the Braille blank looks like a space. */
const INVISIBLE = /[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Invisible characters don't count towards the length. */
export const authSecret = z
  .string()
  .refine(
    (secret) => secret.replace(INVISIBLE, "").length >= MIN_SECRET_LENGTH,
    "must have at least 32 visible characters, e.g. from `openssl rand -hex 32`",
  );

/** RFC 9116, section 2.5.3, requires a URI; a plain email address is accepted as well. */
const securityContact = z
  .string()
  .transform((contact) => (z.email().safeParse(contact).success ? `mailto:${contact}` : contact))
  .refine(
    (contact) => /^(?:mailto:|https:\/\/|tel:)[\x21-\x7e]+$/.test(contact),
    "must be an email address, or start with mailto:, https:// or tel:",
  );

const publicAddress = (example: string) =>
  z
    .url({ protocol: /^https?$/, error: `must be a URL like ${example}` })
    .refine((url) => URL.canParse(url) && new URL(url).pathname === "/", "must have no path after the host name")
    .transform((url) => new URL(url).origin)
    .optional();

const wholeNumber = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number(message).int(message).min(least, message).max(most, message);
};

const envSchema = z
  .object({
    APP_URL: publicAddress("https://keys.example.com"),
    VERIFIER_URL: publicAddress("https://verifier.example.com"),
    PORT: port.default(3000),
    VERIFIER_PORT: port.optional(),
    DATA_DIR: z.string().default(".data"),
    DATABASE_URL: databaseUrl.optional(),
    MIGRATE_DATABASE_URL: databaseUrl.optional(),
    VERIFIER_DATABASE_URL: databaseUrl.optional(),
    AUTH_SECRET: authSecret.optional(),
    PERMISSIONS_FILE: z.string().default("config/permissions.json"),
    TOKEN_PREFIX_PERSONAL: tokenPrefix.default("lk_pat_"),
    TOKEN_PREFIX_TEAM: tokenPrefix.default("lk_key_"),
    TRUSTED_PROXIES: addressRanges,
    METRICS_ALLOW: addressRanges,
    METRICS_TOKEN: z
      .string()
      .regex(
        /^[A-Za-z0-9._~+/-]{16,}=*$/,
        "must have at least 16 characters, only letters, digits and -._~+/, e.g. from `openssl rand -hex 32`",
      )
      .optional(),
    MAX_CONNECTIONS: wholeNumber(16, 100_000).default(4_096),
    MAX_REQUESTS_PER_CONNECTION: wholeNumber(1, 1_000_000_000).default(100_000),
    DRAIN_SECONDS: wholeNumber(0, 600).default(0),
    ADMIN_EMAIL: z.email("must be an email address").optional(),
    ADMIN_PASSWORD: z.string().optional(),
    ADMIN_TEAM: z.string().min(1).max(80, "must have at most 80 characters").optional(),
    SMTP_URL: z
      .url({ protocol: /^smtps?$/, error: "must look like smtp://user:password@mail.example.com:587" })
      .refine((url) => URL.canParse(url) && new URL(url).hostname !== "", "must name the mail server")
      .optional(),
    MAIL_FROM: z
      .string()
      .regex(
        /^(?:[^\p{Cc}<>",;:@]{1,80} <[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/u,
        "must be an address like keys@example.com or Latchkey <keys@example.com>",
      )
      .optional(),
    SECURITY_CONTACT: securityContact.optional(),
    LEASE_SECONDS: z.coerce
      .number("must be a whole number of seconds from 0 to 600")
      .int("must be a whole number of seconds from 0 to 600")
      .min(0, "must be a whole number of seconds from 0 to 600")
      .max(600, "must be a whole number of seconds from 0 to 600")
      .default(5),
    LOG_LEVEL: z
      .enum(["debug", "info", "warn", "error", "silent"], "must be debug, info, warn, error or silent")
      .default("info"),
  })
  .refine((env) => env.TOKEN_PREFIX_PERSONAL !== env.TOKEN_PREFIX_TEAM, {
    path: ["TOKEN_PREFIX_TEAM"],
    error: "must differ from TOKEN_PREFIX_PERSONAL",
  })
  .refine((env) => Boolean(env.ADMIN_EMAIL) === Boolean(env.ADMIN_PASSWORD), {
    path: ["ADMIN_PASSWORD"],
    error: "must be set together with ADMIN_EMAIL",
  })
  .refine((env) => env.SMTP_URL === undefined || env.MAIL_FROM !== undefined, {
    path: ["MAIL_FROM"],
    error: "must be set together with SMTP_URL, to an address like Latchkey <keys@example.com>",
  });

export type Env = z.output<typeof envSchema>;

/** An invalid variable, which stops the start; the message is one sentence that says what to change. */
export class EnvError extends Error {}

/** Reads and validates all variables; throws {@link EnvError} for the first invalid one. */
export function readEnv(source: Record<string, string | undefined>): Env {
  const known = Object.fromEntries(Object.entries(source).map(([name, value]) => [name, absentWhenEmpty(value)]));
  const parsed = envSchema.safeParse(known);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new EnvError(`${String(issue?.path[0])} ${issue?.message}.`);
}

let cached: Env | undefined;

/** The process's environment, read once; changes need a restart. */
export function env(): Env {
  cached ??= readEnv(process.env);
  return cached;
}

const DEFAULT_VERIFIER_PORT = 3001;

/** The verifier's port, and whether it was set explicitly. */
export function verifierPort({ VERIFIER_PORT }: Pick<Env, "VERIFIER_PORT">): { port: number; isChosen: boolean } {
  return { port: VERIFIER_PORT ?? DEFAULT_VERIFIER_PORT, isChosen: VERIFIER_PORT !== undefined };
}

/** The console's public URL, without a trailing slash. */
export function appUrl(): string {
  return env().APP_URL ?? `http://localhost:${env().PORT}`;
}

/**
 * The origins from which browsers may send changes. Without `APP_URL`, the console is being tried on this machine,
 * where people type 127.0.0.1 as well as localhost.
 */
export function allowedOrigins(): string[] {
  const { APP_URL, PORT } = env();
  if (APP_URL) return [APP_URL];
  return [`http://localhost:${PORT}`, `http://127.0.0.1:${PORT}`, `http://[::1]:${PORT}`];
}
