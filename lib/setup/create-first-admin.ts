import "server-only";
import { createHash } from "node:crypto";
import { z } from "zod";
import { checkNewPassword, hashPassword } from "@/lib/auth/passwords";
import { databaseNow, db, inTransaction, type Transaction } from "@/lib/database/db";
import { lockName } from "@/lib/database/locks";
import { AppError } from "@/lib/errors";
import type { RequestContext } from "@/lib/http/request-context";
import { createTeam } from "@/lib/teams/create-team";
import { emailSchema } from "@/lib/text/email";
import { plainText } from "@/lib/text/plain-text";

/** Taken by every process that could find "no user yet". */
const FIRST_USER_LOCK = "first user";
const SETUP_CODE_LIFETIME_MS = 24 * 3_600_000;

export const firstAdminSchema = z.strictObject({
  email: emailSchema,
  password: z.string("Choose a password."),
  teamName: plainText(80).pipe(z.string().min(1, "Enter a team name.")),
});
export type FirstAdminInput = z.output<typeof firstAdminSchema>;

/** Only this hash of a setup code is stored. */
export function setupCodeHash(code: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash("sha256").update(code).digest());
}

/** Whether a setup link is usable: less than a day old, and no user exists. */
export async function isSetupOpen(code: unknown, tx: Transaction = db): Promise<boolean> {
  if (typeof code !== "string" || code.length > 200) return false;
  const notBefore = new Date((await databaseNow()).getTime() - SETUP_CODE_LIFETIME_MS);
  const known = await tx.setupCode.count({ where: { codeHash: setupCodeHash(code), createdAt: { gt: notBefore } } });
  return known > 0 && (await tx.user.count()) === 0;
}

/** Creates the first user and their team through a setup link; `not_found` once a user exists. */
export async function setUpWithCode(code: unknown, input: FirstAdminInput, context: RequestContext): Promise<void> {
  const requireOpen = async (tx: Transaction) => {
    if (await isSetupOpen(code, tx)) return;
    throw new AppError("not_found", "This setup link has expired or been used. Restart Latchkey for a new one.");
  };
  // Checked before the password is hashed, so that a wrong code doesn't cause that work.
  await requireOpen(db);
  await createFirstAdmin(input, context, requireOpen);
}

/**
 * Creates the first user with their own team. `mayProceed` runs under the lock that lets only one caller find "no user
 * yet", and throws to abort.
 */
export async function createFirstAdmin(
  input: FirstAdminInput,
  context: RequestContext,
  mayProceed: (tx: Transaction) => Promise<void>,
): Promise<void> {
  checkNewPassword(input.password, input.email);
  const passwordHash = await hashPassword(input.password);
  await inTransaction(async (tx) => {
    await lockName(tx, FIRST_USER_LOCK, "exclusive");
    await mayProceed(tx);
    const name = input.email.split("@")[0] ?? input.email;
    const user = await tx.user.create({
      // The operator vouches for the address, through the environment or the printed link.
      data: { email: input.email, confirmedEmail: input.email, name, passwordHash },
      select: { id: true, name: true },
    });
    await createTeam(tx, input.teamName, user, context);
    await tx.setupCode.deleteMany();
  });
}
