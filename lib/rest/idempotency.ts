import "server-only";
import { createHash } from "node:crypto";
import type { AlsoInTransaction } from "@/lib/api-keys/create/mint-key";
import type { Actor } from "@/lib/auth/actor";
import { isDatabaseAway } from "@/lib/database/database-away";
import { databaseNow, db, runChange, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { Refused } from "@/lib/http/error-problem";
import { problem } from "@/lib/http/problem";
import { REQUEST_ID_HEADER } from "@/lib/http/request-headers";
import { idempotencyKeySchema } from "@/lib/rest/schemas";
import { instanceOf } from "@/lib/verification/refusals";

const KEPT_MS = 24 * 3_600_000;

/** A request that its client has given a name, which is kept as its SHA-256 alone, so that sending it again has no second effect. */
export type NamedRequest = { name: string; hash: Buffer<ArrayBuffer>; instance: string };

/** The request's `Idempotency-Key` and what it asks for; null where it has none. Throws {@link Refused}. */
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
 * Runs `make`, which must do what it is handed in the transaction that makes the key; or, where the same member has
 * sent this request within a day, only says which key it made then. Of simultaneous ones exactly one makes a key. The
 * same name for another request is refused, as draft-ietf-httpapi-idempotency-key-header (section 2.7) has it.
 */
export async function once<Result>(
  actor: Actor,
  request: NamedRequest | null,
  make: (alsoIn?: AlsoInTransaction) => Promise<Result>,
): Promise<{ made: Result } | { keyId: string }> {
  if (!request) return { made: await make() };
  const earlier = await findEarlier(actor, request);
  if (earlier) return earlier;
  try {
    return { made: await make((tx, keyId) => remember(tx, actor, request, keyId)) };
  } catch (error) {
    // Another one like it may have come first, and taken the last place in the quota as well.
    const meanwhile = await findEarlier(actor, request).catch((reason: unknown) => {
      // The database can be away for this as well, and then the first failure says more.
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
  const detail = "This Idempotency-Key was used for another request. Choose a new one.";
  throw new Refused(problem({ status: 422, code: "idempotency_key_reused", detail, instance }));
}

async function remember(tx: Transaction, { memberId, now }: Actor, { name, hash }: NamedRequest, keyId: string) {
  const written = await tx.$executeRaw`
    insert into idempotency_keys (member_id, key, request_hash, api_key_id, created_at)
    values (${memberId}::uuid, ${name}, ${hash}, ${keyId}::uuid, now())
    on conflict (member_id, key) do update set
      request_hash = excluded.request_hash, api_key_id = excluded.api_key_id, created_at = excluded.created_at
    where idempotency_keys.created_at <= ${oldest(now)}`;
  if (written === 0) throw new AppError("conflict", "This request has already been answered.");
}

const sha256 = (text: string) => Buffer.from(createHash("sha256").update(text).digest());

const oldest = (now: Date) => new Date(now.getTime() - KEPT_MS);

/** Drops the names of requests that no longer count. */
export async function forgetOldRequests(): Promise<void> {
  await runChange("delete from idempotency_keys where created_at <= $1", [oldest(await databaseNow())]);
}
