import "server-only";
import { type ApiKeyDto, apiKeyDto, apiKeySelect } from "@/lib/api-keys/dto";
import { expiryAfter } from "@/lib/api-keys/expiry";
import { checkScopes } from "@/lib/api-keys/grantable-scopes";
import { MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { MAX_ACTIVE_KEYS } from "@/lib/api-keys/limits";
import type { CreateApiKeyInput } from "@/lib/api-keys/schemas";
import { whereStatus } from "@/lib/api-keys/status";
import { generateToken } from "@/lib/api-keys/token";
import { whereManaged } from "@/lib/api-keys/where-managed";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { inTransaction, type Transaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";

/** The one type that carries a token in plaintext. It is returned once and never stored. */
export type CreatedApiKey = { key: ApiKeyDto; token: string };

/** Makes a personal key for the actor or a key for their team. Throws `invalid`, `forbidden` or `limit_reached`. */
export async function createApiKey(actor: Actor, input: CreateApiKeyInput): Promise<CreatedApiKey> {
  const { kind, name, scopes, expiry } = input;
  authorize(actor, MANAGE_KEYS[kind]);
  const { token, ...kept } = generateToken(kind);
  const key = await inTransaction(async (tx) => {
    const permissions = await lockMember(tx, actor, MANAGE_KEYS[kind]);
    checkScopes(kind, scopes, permissions);
    const now = new Date();
    if (kind === "personal") await checkQuota(tx, actor, now);
    const created = await tx.apiKey.create({
      data: {
        ...kept,
        teamId: actor.teamId,
        memberId: kind === "personal" ? actor.memberId : null,
        kind,
        name,
        scopes,
        createdAt: now,
        expiresAt: "at" in expiry ? expiry.at : expiryAfter(expiry.in, now),
      },
      select: apiKeySelect,
    });
    await recordAudit(tx, {
      teamId: actor.teamId,
      action: "api_key.created",
      actor,
      target: { type: "api_key", id: created.id, label: created.name ?? created.tokenStart },
      details: { kind, scopes: created.scopes, expires_at: created.expiresAt?.toISOString() ?? null },
    });
    return created;
  });
  return { key: apiKeyDto(key, new Date()), token };
}

/** Counted under the member's lock: of fifty simultaneous creations exactly as many succeed as fit. */
async function checkQuota(tx: Transaction, actor: Actor, now: Date): Promise<void> {
  const active = await tx.apiKey.count({
    where: { ...whereManaged(actor, "personal"), ...whereStatus("active", now) },
  });
  if (active < MAX_ACTIVE_KEYS) return;
  throw new AppError(
    "limit_reached",
    `You have ${MAX_ACTIVE_KEYS} active keys, the most a member may have. Revoke one you no longer use, then create this one.`,
  );
}
