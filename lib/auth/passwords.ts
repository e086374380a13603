import "server-only";
import { setTimeout } from "node:timers/promises";
import { hash, verify } from "@node-rs/argon2";
import { dictionary } from "@zxcvbn-ts/language-common";
import { inHashQueue, type Lane } from "@/lib/auth/hash-queue";
import { AppError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";

const MIN_LENGTH = 8;
const MAX_LENGTH = 128;
const COMMON_PASSWORDS = 10_000;

const common = new Set(dictionary["passwords-common"].slice(0, COMMON_PASSWORDS));

/** Duration of the latest hash, for work that must take as long without one. */
const last = processWide("latest-hash", () => ({ hashMs: 50 }));

// Compared with for unknown accounts, so that an attempt takes as long as with a wrong password.
const decoy = hash("no account has this password");

/** Throws `invalid` with the reason if a password is unacceptable (ASVS 5.0, 6.2.1 to 6.2.9). */
export function checkNewPassword(password: string, email: string): void {
  const refuse = (reason: string) => new AppError("invalid", reason, { password: reason });
  if (password.length < MIN_LENGTH) throw refuse(`Use at least ${MIN_LENGTH} characters.`);
  if (password.length > MAX_LENGTH) throw refuse(`Use at most ${MAX_LENGTH} characters.`);
  if (!canBePassword(password)) throw refuse("This password contains an invalid character.");
  if (common.has(password.toLowerCase())) {
    throw refuse("This is a commonly used password. Choose another.");
  }
  if (password.toLowerCase() === email.toLowerCase())
    throw refuse("Your email address is too easy to guess. Choose another password.");
}

/** An argon2id hash in PHC format, with the library's defaults (19 MiB, two passes: OWASP's minimum). Queued. */
export function hashPassword(password: string, lane: Lane = "unknown"): Promise<string> {
  return inHashQueue(lane, () => timed(() => hash(password)));
}

/**
 * Whether the password matches. Queued, and takes equally long without an account or a stored password. Input that
 * can't be a password, including null, isn't hashed.
 */
export async function isPasswordRight(
  password: string | null,
  passwordHash: string | null | undefined,
  lane: Lane = "unknown",
): Promise<boolean> {
  if (password === null || !canBePassword(password)) {
    await inHashQueue(lane, () => setTimeout(last.hashMs));
    return false;
  }
  const compared = passwordHash || (await decoy);
  const matches = await inHashQueue(lane, () => timed(() => verify(compared, password)));
  return Boolean(passwordHash) && matches;
}

function canBePassword(password: string): boolean {
  return password !== "" && password.length <= MAX_LENGTH && password.isWellFormed() && !password.includes("\0");
}

async function timed<Result>(job: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await job();
  last.hashMs = performance.now() - started;
  return result;
}
