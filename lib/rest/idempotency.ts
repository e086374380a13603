import "server-only";
import { createHash } from "node:crypto";
import type { Actor } from "@/lib/auth/actor";
import { isDatabaseAway } from "@/lib/database/database-away";
import { databaseNow, db, inTransaction, runChange, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { Refused } from "@/lib/http/error-problem";
import { problem } from "@/lib/http/problem";
import { REQUEST_ID_HEADER } from "@/lib/http/request-headers";
import { idempotencyKeySchema } from "@/lib/rest/schemas";
import { instanceOf } from "@/lib/verification/refusals";

const TTL_MS = 24 * 3_600_000;

/** A request with an `Idempotency-Key` (only its SHA-256 is stored), which must not take effect twice. */
export type NamedRequest = { name: string; hash: Buffer<ArrayBuffer>; instance: string };

/** The request's `Idempotency-Key` and its content; null without one. Throws {@link Refused}. */
export function namedRequest(request: Request, body: string): NamedRequest | null {
  const header = request.headers.get("idempotency-key");
  if (header === null) return null;
  const instance = instanceOf(request.headers.get(REQUEST_ID_HEADER));
  const name = idempotencyKeySchema.safeParse(header);
  if (!name.success) {
    const detail = `Idempotency-Key: ${name.error.issues[0]?.message}`;
    throw new Refused(problem({ status: 400, code: "invalid_idempotency_key", detail, instance }));
  }
  const asked = `${request.method} ${new URL(request.url).pathname}\n${body}`;
  return { name: sha256(name.data).toString("hex"), hash: sha256(asked), instance };
}

/**
 * Runs `make` in a transaction that also records the request. If the same member sent this request within a day,
 * returns the ID of that key instead. Of concurrent requests, exactly one creates a key. The same name for another
 * request is rejected according to draft-ietf-httpapi-idempotency-key-header, section 2.7.
 */
export async function once<Made extends { key: { id: string } }>(
  actor: Actor,
  request: NamedRequest | null,
  make: (tx: Transaction) => Promise<Made>,
): Promise<{ made: Made } | { keyId: string }> {
  if (!request) return { made: await inTransaction(make) };
  const earlier = await findEarlier(actor, request);
  if (earlier) return earlier;
  try {
    const made = await inTransaction(async (tx) => {
      const making = await make(tx);
      await recordRequest(tx, actor, request, making.key.id);
      return making;
    });
    return { made };
  } catch (error) {
    // A concurrent identical request may have been first, and taken the last place in the quota.
    const meanwhile = await findEarlier(actor, request).catch((reason: unknown) => {
      // If the database is unavailable here too, the first error is more useful.
      if (!isDatabaseAway(reason)) throw reason;
    });
    if (meanwhile) return meanwhile;
    throw error;
  }
}

async function findEarlier({ memberId, now }: Actor, { name, hash, instance }: NamedRequest) {
  const found = await db.idempotencyKey.findUnique({ where: { memberId_key: { memberId, key: name } } });
  if (!found?.apiKeyId || found.createdAt <= oldest(now)) return null;
  if (hash.equals(found.requestHash)) return { keyId: found.apiKeyId };
  const detail = "This Idempotency-Key was used for another request. Use a new one.";
  throw new Refused(problem({ status: 422, code: "idempotency_key_reused", detail, instance }));
}

async function recordRequest(tx: Transaction, { memberId, now }: Actor, { name, hash }: NamedRequest, keyId: string) {
  const written = await tx.$executeRaw`
    insert into idempotency_keys (member_id, key, request_hash, api_key_id, created_at)
    values (${memberId}::uuid, ${name}, ${hash}, ${keyId}::uuid, now())
    on conflict (member_id, key) do update set
      request_hash = excluded.request_hash, api_key_id = excluded.api_key_id, created_at = excluded.created_at
    where idempotency_keys.created_at <= ${oldest(now)}`;
  if (written === 0) throw new AppError("conflict", "This request has already been answered.");
}

const sha256 = (text: string) => Buffer.from(createHash("sha256").update(text).digest());

const oldest = (now: Date) => new Date(now.getTime() - TTL_MS);

/** Deletes names of requests that have expired. */
export async function deleteOldRequests(): Promise<void> {
  await runChange("delete from idempotency_keys where created_at <= $1", [oldest(await databaseNow())]);
}
