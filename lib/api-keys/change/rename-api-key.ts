import "server-only";
import { z } from "zod";
import { changeApiKey, type DecideOne } from "@/lib/api-keys/change/change-api-key";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { keyIdSchema, keyNameSchema } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";

export const renameApiKeySchema = z.strictObject({ id: keyIdSchema, name: keyNameSchema });
export type RenameApiKeyInput = z.output<typeof renameApiKeySchema>;

/** Gives an active key another name, or none. */
export function renameApiKey(actor: Actor, { id, name }: RenameApiKeyInput): Promise<ApiKeyDto> {
  return changeApiKey(actor, id, renaming(name));
}

export function renaming(name: string | null): DecideOne {
  return (key) => ({ data: { name }, action: "api_key.renamed", details: { from: key.name, to: name } });
}
