import "server-only";
import type { KeyColumns } from "@/lib/api-keys/columns";
import { checkQuota, checkScopes, chosenExpiry, countTowardsQuota } from "@/lib/api-keys/create/new-key-rules";
import { type ApiKeyDto, type ApiKeyRow, apiKeyDto } from "@/lib/api-keys/dto";
import { keyEvent, keyLabel } from "@/lib/api-keys/key-label";
import { MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { readWrittenKey } from "@/lib/api-keys/read-keys";
import { resourceText } from "@/lib/api-keys/resources";
import { checkResponsible, lockPeople } from "@/lib/api-keys/responsible-member";
import type { CreateApiKeyInput } from "@/lib/api-keys/schemas";
import { generateToken } from "@/lib/api-keys/token";
import { type AuditEvent, recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { inTransaction, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";
import { enforcePolicy, readPolicy } from "@/lib/policies/team-policy";
import { shareTeamGovernance } from "@/lib/teams/lock-team";

/** The only type that contains a token in plaintext. It is returned once and never stored. */
export type CreatedApiKey = { key: ApiKeyDto; token: string };

/**
 * Creates a personal key for the actor or a key for their team. Throws `invalid` (also for a violation of the team's
 * policy), `forbidden` or `limit_reached`.
 */
export function createApiKey(actor: Actor, input: CreateApiKeyInput): Promise<CreatedApiKey> {
  return inTransaction((tx) => createApiKeyIn(tx, actor, input));
}

/** The same in the caller's transaction, for changes that must commit together with the key. */
export async function createApiKeyIn(tx: Transaction, actor: Actor, input: CreateApiKeyInput): Promise<CreatedApiKey> {
  const { kind, name, scopes, allowedIps } = input;
  authorize(actor, MANAGE_KEYS[kind]);
  const resource = resourceText(input.resource);
  const responsibleMemberId = responsibleFor(actor, input);
  const now = await shareTeamGovernance(tx, actor.teamId);
  await lockPeople(tx, actor, responsibleMemberId ?? actor.memberId);
  const permissions = await lockMember(tx, actor, MANAGE_KEYS[kind]);
  checkScopes(kind, scopes, permissions);
  if (responsibleMemberId) await checkResponsible(tx, actor.teamId, responsibleMemberId);
  const policy = await readPolicy(tx, actor.teamId);
  const expiresAt = chosenExpiry(input.expiry, policy, now);
  const terms = { kind, name, scopes, resource, allowedIps, responsibleMemberId, createdAt: now, expiresAt };
  enforcePolicy(policy, terms);
  if (kind === "personal") {
    const active = await countTowardsQuota(tx, actor, now);
    checkQuota(policy, { before: active, after: active + 1 });
  }
  const { row, token } = await insertKey(tx, actor, terms);
  await recordAudit(tx, createdEvent(actor, row));
  return { key: apiKeyDto(row, now), token };
}

/** Only team keys have a responsible member: the one named in the input, or the actor. */
function responsibleFor(actor: Actor, { kind, responsibleMemberId }: CreateApiKeyInput): string | null {
  if (kind === "team") return responsibleMemberId ?? actor.memberId;
  if (responsibleMemberId === undefined) return null;
  const message = "Only a team key has a contact.";
  throw new AppError("invalid", message, { responsibleMemberId: message });
}

/** The columns of a new key that don't follow from its token and its creator. */
type NewKey = Omit<KeyColumns, "id" | "tokenStart" | "tokenLastFour" | "revokedAt" | "rotatedFromId"> & {
  responsibleMemberId: string | null;
  rotatedFromId?: string;
};

/** Inserts a key with a new token. The row contains the token's hash and its ends. The caller has checked the terms. */
export async function insertKey(
  tx: Transaction,
  actor: Actor,
  key: NewKey,
): Promise<{ row: ApiKeyRow; token: string }> {
  const { token, ...tokenColumns } = generateToken(key.kind);
  const memberId = key.kind === "personal" ? actor.memberId : null;
  const data = { ...key, ...tokenColumns, teamId: actor.teamId, memberId };
  const { id } = await tx.apiKey.create({ data, select: { id: true } });
  return { row: await readWrittenKey(tx, actor, id), token };
}

/** The audit entry for a new key; `replaced` is its predecessor. */
export function createdEvent(actor: Actor, key: ApiKeyRow, replaced?: ApiKeyRow): AuditEvent {
  const { kind, scopes, resource, allowedIps, expiresAt, responsibleMember } = key;
  return keyEvent(actor, "api_key.created", key, {
    kind,
    scopes,
    expires_at: expiresAt?.toISOString() ?? null,
    ...(resource && { resource }),
    ...(allowedIps.length > 0 && { allowed_ips: allowedIps }),
    ...(responsibleMember && { responsible: responsibleMember.user.name }),
    ...(replaced && { replaces: replaced.id, replaces_label: keyLabel(replaced) }),
  });
}
