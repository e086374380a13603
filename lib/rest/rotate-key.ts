import "server-only";
import { rotateApiKeyIn } from "@/lib/api-keys/rotate/rotate-api-key";
import type { Actor } from "@/lib/auth/actor";
import { afterCommit } from "@/lib/database/database-away";
import { notFound } from "@/lib/errors";
import { inContractTerms } from "@/lib/rest/field-names";
import { type NamedRequest, once } from "@/lib/rest/idempotency";
import type { RotatedKeyJson } from "@/lib/rest/key-json";
import { readKey } from "@/lib/rest/read-keys";
import { type RotateKeyInput, uuidSchema } from "@/lib/rest/schemas";

/** Rotates a key, once per {@link NamedRequest}; a repeated request gets the same successor without a token. */
export async function rotateKey(
  actor: Actor,
  id: string,
  input: RotateKeyInput,
  request: NamedRequest | null,
): Promise<RotatedKeyJson> {
  if (!uuidSchema.safeParse(id).success) throw notFound("API key");
  const done = await once(actor, request, (tx) =>
    rotateApiKeyIn(tx, actor, { id, ...input }).catch(inContractTerms(input)),
  );
  const [keyId, token] = "made" in done ? [done.made.key.id, done.made.token] : [done.keyId, null];
  const [key, predecessor] = await afterCommit(Promise.all([readKey(actor, keyId), readKey(actor, id)]));
  const kept = new Set(input.scopes ?? predecessor.scopes);
  const dropped = predecessor.scopes.filter((scope) => kept.has(scope) && !key.scopes.includes(scope));
  return { ...key, token, predecessor, dropped_scopes: dropped };
}
