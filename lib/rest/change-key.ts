import "server-only";
import { type KeyChange, lockForChange, writeChanges } from "@/lib/api-keys/change/change-api-key";
import { expiryChange } from "@/lib/api-keys/change/change-expiry";
import { narrowChange } from "@/lib/api-keys/change/narrow-api-key";
import { nameChange } from "@/lib/api-keys/change/rename-api-key";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { afterCommit } from "@/lib/database/database-away";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { notFound } from "@/lib/errors";
import { inContractTerms } from "@/lib/rest/field-names";
import type { KeyJson } from "@/lib/rest/key-json";
import { readKey } from "@/lib/rest/read-keys";
import { type ChangeKeyInput, uuidSchema } from "@/lib/rest/schemas";

/** Renames, restricts and changes the expiry of an active key as requested, all or nothing. */
export async function changeKey(actor: Actor, id: string, input: ChangeKeyInput): Promise<KeyJson> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  if (!uuidSchema.safeParse(id).success) throw notFound("API key");
  await inTransaction((tx, now) => changeIn(tx, actor, id, input, now)).catch(inContractTerms(input));
  return afterCommit(readKey(actor, id));
}

async function changeIn(
  tx: Transaction,
  actor: Actor,
  id: string,
  { name, expiry, resource, allowed_ips: allowedIps }: ChangeKeyInput,
  now: Date,
): Promise<void> {
  const key = await lockForChange(tx, actor, id, now);
  const changes: KeyChange[] = [];
  if (name !== undefined) changes.push(nameChange(key, name));
  if (expiry !== undefined) changes.push(await expiryChange(tx, actor, key, expiry, now));
  if (resource !== undefined || allowedIps !== undefined) {
    changes.push(await narrowChange(tx, actor, key, { resource, allowedIps }));
  }
  await writeChanges(tx, actor, key, now, ...changes);
}
