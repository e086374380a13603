import "server-only";
import { chosenExpiry } from "@/lib/api-keys/create/chosen-expiry";
import { type AlsoInTransaction, createdEvent, mintKey } from "@/lib/api-keys/create/mint-key";
import { type ApiKeyDto, apiKeyDto } from "@/lib/api-keys/dto";
import { checkScopes } from "@/lib/api-keys/grantable-scopes";
import { MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { resourceText } from "@/lib/api-keys/resources";
import { checkResponsible, lockPeople } from "@/lib/api-keys/responsible-member";
import type { CreateApiKeyInput } from "@/lib/api-keys/schemas";
import { generateToken } from "@/lib/api-keys/token";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { inTransaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { lockMember } from "@/lib/members/lock-member";
import { readPolicy } from "@/lib/policies/team-policy";
import { shareTeamGovernance } from "@/lib/teams/lock-team";

/** The one type that carries a token in plaintext. It is returned once and never stored. */
export type CreatedApiKey = { key: ApiKeyDto; token: string };

/**
 * Makes a personal key for the actor or a key for their team. Throws `invalid` (also where the team's policy is
 * broken), `forbidden` or `limit_reached`.
 */
export async function createApiKey(
  actor: Actor,
  input: CreateApiKeyInput,
  alsoIn?: AlsoInTransaction,
): Promise<CreatedApiKey> {
  const { kind, name, scopes, expiry, allowedIps } = input;
  authorize(actor, MANAGE_KEYS[kind]);
  const resource = resourceText(input.resource);
  const responsibleId = responsibleFor(actor, input);
  const { token, ...kept } = generateToken(kind);
  return inTransaction(async (tx) => {
    const now = await shareTeamGovernance(tx, actor.teamId);
    await lockPeople(tx, actor, responsibleId ?? actor.memberId);
    const permissions = await lockMember(tx, actor, MANAGE_KEYS[kind]);
    checkScopes(kind, scopes, permissions);
    const responsible = responsibleId ? await checkResponsible(tx, actor.teamId, responsibleId) : null;
    const policy = await readPolicy(tx, actor.teamId);
    const terms = { kind, name, scopes, resource, allowedIps, expiresAt: chosenExpiry(expiry, policy, now) };
    const minting = { token: kept, policy, now };
    const created = await mintKey(tx, actor, { ...terms, responsible, rotatedFromId: null }, minting);
    await alsoIn?.(tx, created.id);
    await recordAudit(tx, createdEvent(actor, created));
    return { key: apiKeyDto(created, now), token };
  });
}

/** A personal key is its member's own affair. */
function responsibleFor(actor: Actor, { kind, responsibleMemberId }: CreateApiKeyInput): string | null {
  if (kind === "team") return responsibleMemberId ?? actor.memberId;
  if (responsibleMemberId === undefined) return null;
  const message = "Only a team key has a responsible member.";
  throw new AppError("invalid", message, { responsibleMemberId: message });
}
