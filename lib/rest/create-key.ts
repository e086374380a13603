import "server-only";
import { createApiKeyIn } from "@/lib/api-keys/create/create-api-key";
import { defaultWithin } from "@/lib/api-keys/create/lifetimes-within";
import { grantableScopes } from "@/lib/api-keys/grantable-scopes";
import { scopePresets } from "@/lib/api-keys/scope-presets";
import type { Actor } from "@/lib/auth/actor";
import { afterCommit } from "@/lib/database/database-away";
import { AppError } from "@/lib/errors";
import { readPolicy, type TeamPolicy } from "@/lib/policies/team-policy";
import { inContractTerms } from "@/lib/rest/field-names";
import { type NamedRequest, once } from "@/lib/rest/idempotency";
import type { MadeKeyJson } from "@/lib/rest/key-json";
import { readKey } from "@/lib/rest/read-keys";
import type { CreateKeyInput } from "@/lib/rest/schemas";

/** Creates a key, once per {@link NamedRequest}; a repeated request gets the same key without a token. */
export async function createKey(actor: Actor, input: CreateKeyInput, request: NamedRequest | null) {
  const { kind, name, scopes, expiry, resource, allowed_ips, responsible_member_id } = input;
  const done = await once(actor, request, async (tx) => {
    const policy = await readPolicy(tx, actor.teamId);
    const wanted = {
      kind,
      name: name ?? null,
      scopes: scopes ?? presetScopes(actor, input, policy),
      expiry: expiry ?? { in: defaultWithin(policy, actor.now) },
      resource: resource ?? null,
      allowedIps: allowed_ips ?? [],
      responsibleMemberId: responsible_member_id,
    };
    return createApiKeyIn(tx, actor, wanted).catch(inContractTerms(wanted));
  });
  return "made" in done ? madeKey(actor, done.made.key.id, done.made.token) : madeKey(actor, done.keyId, null);
}

/** The scopes of a preset that the actor can grant. */
function presetScopes(actor: Actor, { kind, preset }: CreateKeyInput, policy: TeamPolicy): string[] {
  const scopes = preset ? scopePresets(grantableScopes(kind, actor.permissions, policy.memberScopes))[preset] : [];
  if (scopes.length > 0) return scopes;
  const message = "Your role includes none of this preset's scopes.";
  throw new AppError("forbidden", message, { preset: message });
}

/** A created key; `token` is null for a repeated request. */
async function madeKey(actor: Actor, id: string, token: string | null): Promise<MadeKeyJson> {
  return { ...(await afterCommit(readKey(actor, id))), token };
}
