import "server-only";
import { type ApiKeyDto, apiKeyDto, apiKeySelect } from "@/lib/api-keys/dto";
import { expiryAfter } from "@/lib/api-keys/expiry";
import { MAX_ACTIVE_KEYS } from "@/lib/api-keys/limits";
import type { CreateApiKeyInput } from "@/lib/api-keys/schemas";
import { whereStatus } from "@/lib/api-keys/status";
import { generateToken } from "@/lib/api-keys/token";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db, type Transaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";
import { apiPermissions } from "@/lib/permissions/catalogue";

/** The one type that carries a token in plaintext. It is returned once and never stored. */
export type CreatedApiKey = { key: ApiKeyDto; token: string };

/** Makes a personal key for the actor. Throws `invalid`, `forbidden` or `limit_reached`. */
export async function createApiKey(actor: Actor, input: CreateApiKeyInput): Promise<CreatedApiKey> {
  authorize(actor, "developer.manage_tokens");
  const { token, ...kept } = generateToken("personal");
  const key = await db.$transaction(async (tx) => {
    const permissions = await lockMember(tx, actor, "developer.manage_tokens");
    checkScopes(input.scopes, permissions);
    const now = new Date();
    await checkQuota(tx, actor, now);
    const created = await tx.apiKey.create({
      data: {
        ...kept,
        teamId: actor.teamId,
        memberId: actor.memberId,
        kind: "personal",
        name: input.name,
        scopes: input.scopes,
        createdAt: now,
        expiresAt: "at" in input.expiry ? input.expiry.at : expiryAfter(input.expiry.in, now),
      },
      select: apiKeySelect,
    });
    await recordAudit(tx, {
      teamId: actor.teamId,
      action: "api_key.created",
      actor,
      target: { type: "api_key", id: created.id, label: created.name ?? created.tokenStart },
      details: { scopes: created.scopes, expires_at: created.expiresAt?.toISOString() ?? null },
    });
    return created;
  });
  return { key: apiKeyDto(key, new Date()), token };
}

/** A key can't be given more than its member may do (law of personal keys), nor what the catalogue doesn't know. */
function checkScopes(scopes: string[], permissions: ReadonlySet<string>): void {
  const known = new Set(apiPermissions());
  const unknown = scopes.find((scope) => !known.has(scope));
  if (unknown !== undefined) {
    throw new AppError("invalid", "One of these scopes does not exist.", {
      scopes: "One of these scopes does not exist.",
    });
  }
  const beyond = scopes.find((scope) => !permissions.has(scope));
  if (beyond !== undefined) {
    const message = `Your role doesn't include ${beyond}, so a key of yours can't have it.`;
    throw new AppError("forbidden", message, { scopes: message });
  }
}

/** Counted under the member's lock: of fifty simultaneous creations exactly as many succeed as fit. */
async function checkQuota(tx: Transaction, actor: Actor, now: Date): Promise<void> {
  const active = await tx.apiKey.count({
    where: { memberId: actor.memberId, kind: "personal", ...whereStatus("active", now) },
  });
  if (active < MAX_ACTIVE_KEYS) return;
  throw new AppError(
    "limit_reached",
    `You have ${MAX_ACTIVE_KEYS} active keys, the most a member may have. Revoke one you no longer use, then create this one.`,
  );
}
