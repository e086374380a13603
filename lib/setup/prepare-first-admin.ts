import "server-only";
import { randomBytes } from "node:crypto";
import { db } from "@/lib/database/db";
import { appUrl, EnvError, env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { createFirstAdmin, firstAdminSchema, setupCodeHash } from "@/lib/setup/create-first-admin";

class AlreadySetUp extends Error {}

/**
 * At start, if no user exists: creates the admin from `ADMIN_*`, or a one-time setup link. Throws {@link EnvError} with
 * a sentence if `ADMIN_*` is invalid.
 */
export async function prepareFirstAdmin(): Promise<{ setupUrl?: string; created?: string }> {
  if ((await db.user.count()) > 0) return {};
  if (env().ADMIN_EMAIL) return createFromEnvironment();
  const code = randomBytes(24).toString("base64url");
  await db.setupCode.create({ data: { codeHash: setupCodeHash(code) } });
  return { setupUrl: `${appUrl()}/setup?code=${code}` };
}

async function createFromEnvironment(): Promise<{ created?: string }> {
  const { ADMIN_EMAIL, ADMIN_PASSWORD, ADMIN_TEAM } = env();
  const input = firstAdminSchema.safeParse({
    email: ADMIN_EMAIL,
    password: ADMIN_PASSWORD,
    teamName: ADMIN_TEAM ?? "My team",
  });
  if (!input.success) {
    const issue = input.error.issues[0];
    const variable = { email: "ADMIN_EMAIL", password: "ADMIN_PASSWORD", teamName: "ADMIN_TEAM" }[
      String(issue?.path[0])
    ];
    throw new EnvError(`${variable} is invalid: ${issue?.message}`);
  }
  try {
    await createFirstAdmin(input.data, { ip: null, userAgent: null }, async (tx) => {
      if ((await tx.user.count()) > 0) throw new AlreadySetUp();
    });
  } catch (error) {
    if (error instanceof AlreadySetUp) return {};
    if (error instanceof AppError) throw new EnvError(`ADMIN_PASSWORD is invalid: ${error.message}`);
    throw error;
  }
  return { created: input.data.email };
}
