import "server-only";
import { revokeApiKey } from "@/lib/api-keys/revoke/revoke-api-key";
import type { Actor } from "@/lib/auth/actor";
import { afterCommit } from "@/lib/database/database-away";
import { AppError, notFound } from "@/lib/errors";
import type { KeyJson } from "@/lib/rest/key-json";
import { readKey } from "@/lib/rest/read-keys";
import { uuidSchema } from "@/lib/rest/schemas";

/** Revokes a key. Idempotent: a revoked key stays unchanged. */
export async function revokeKey(actor: Actor, id: string): Promise<KeyJson> {
  if (!uuidSchema.safeParse(id).success) throw notFound("API key");
  try {
    await revokeApiKey(actor, { id });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict") throw error;
    const key = await readKey(actor, id);
    if (key.status !== "revoked") throw error;
    return key;
  }
  return afterCommit(readKey(actor, id));
}
