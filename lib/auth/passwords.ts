import "server-only";
import { hash, verify } from "@node-rs/argon2";
import { dictionary } from "@zxcvbn-ts/language-common";
import { AppError } from "@/lib/errors";

const MIN_LENGTH = 8;
const MAX_LENGTH = 128;
const COMMON_PASSWORDS = 10_000;

const common = new Set(dictionary["passwords-common"].slice(0, COMMON_PASSWORDS));

// What an unknown account's attempt is compared with, so that it takes as long as a wrong password.
const decoy = hash("no account has this password");

/** Throws `invalid` with the reason a password can't be used (ASVS 5.0, 6.2.1 to 6.2.9). */
export function checkNewPassword(password: string, email: string): void {
  const refuse = (reason: string) => new AppError("invalid", reason, { password: reason });
  if (password.length < MIN_LENGTH) throw refuse(`Use at least ${MIN_LENGTH} characters.`);
  if (password.length > MAX_LENGTH) throw refuse(`Use at most ${MAX_LENGTH} characters.`);
  if (!password.isWellFormed() || password.includes("\0")) throw refuse("This password has a broken character in it.");
  if (common.has(password.toLowerCase())) {
    throw refuse("This password is on every attacker's list of common passwords. Choose another.");
  }
  if (password.toLowerCase() === email.toLowerCase())
    throw refuse("Your e-mail address is too easy to guess. Choose another.");
}

/** An argon2id hash in PHC form, with the library's defaults (19 MiB, two passes: OWASP's minimum). */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

/** Whether the password fits; takes as long where there is no account or no password to compare with. */
export async function isPasswordRight(password: string, passwordHash: string | null | undefined): Promise<boolean> {
  const isComparable = Boolean(passwordHash) && password.length <= MAX_LENGTH;
  const matches = await verify(
    isComparable && passwordHash ? passwordHash : await decoy,
    password.slice(0, MAX_LENGTH),
  );
  return isComparable && matches;
}
