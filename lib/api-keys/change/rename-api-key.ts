import "server-only";
import { z } from "zod";
import { type KeyChange, lockForChange, writeChanges } from "@/lib/api-keys/change/change-api-key";
import type { ApiKeyDto, ApiKeyRow } from "@/lib/api-keys/dto";
import { keyIdSchema, keyNameSchema } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";
import { inTransaction } from "@/lib/database/db";

export const renameApiKeySchema = z.strictObject({ id: keyIdSchema, name: keyNameSchema });
export type RenameApiKeyInput = z.output<typeof renameApiKeySchema>;

/** Changes or removes the name of an active key. */
export function renameApiKey(actor: Actor, { id, name }: RenameApiKeyInput): Promise<ApiKeyDto> {
  return inTransaction(async (tx, now) => {
    const key = await lockForChange(tx, actor, id, now);
    return writeChanges(tx, actor, key, now, nameChange(key, name));
  });
}

export function nameChange(key: ApiKeyRow, name: string | null): KeyChange {
  return { data: { name }, action: "api_key.renamed", details: { from: key.name, to: name } };
}
