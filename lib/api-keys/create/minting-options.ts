import "server-only";
import { countTowardsQuota } from "@/lib/api-keys/create/new-key-rules";
import type { KeyPerson } from "@/lib/api-keys/dto";
import { grantableScopes } from "@/lib/api-keys/grantable-scopes";
import type { KeyRights } from "@/lib/api-keys/key-actions";
import { KEY_KINDS, type KeyKind, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { REVOKE_OTHERS_KEYS } from "@/lib/api-keys/lock-key";
import { type ResourceType, resourceTypes } from "@/lib/api-keys/resources";
import type { ScopeGroup } from "@/lib/api-keys/scope-presets";
import type { Actor } from "@/lib/auth/actor";
import { can } from "@/lib/auth/permissions";
import { db } from "@/lib/database/db";
import { isMailConfigured } from "@/lib/mail/send-mail";
import { readPolicy, type TeamPolicy } from "@/lib/policies/team-policy";

/** The options of the dialogs for keys of a kind. */
export type MintingOptions = {
  kind: KeyKind;
  self: KeyPerson;
  rights: KeyRights;
  scopeGroups: ScopeGroup[];
  resourceTypes: ResourceType[];
  policy: Pick<
    TeamPolicy,
    "defaultLifetime" | "maxLifetimeDays" | "mayNeverExpire" | "requiresIps" | "maxActiveKeys" | "defaultOverlap"
  >;
  /** The number of the member's active personal keys that count toward the quota. */
  countedKeys: number;
  /** Whether reminders are also sent by email. */
  isMailConfigured: boolean;
};

/** The options for keys of a kind, for screens only: operations check permissions and policy themselves. */
export async function readMintingOptions(actor: Actor, kind: KeyKind): Promise<MintingOptions> {
  const optionsFor = await readMintingTerms(actor);
  return optionsFor(kind);
}

/** Returns a function with the options of each kind, which share one read. */
export async function readMintingTerms(actor: Actor): Promise<(kind: KeyKind) => MintingOptions> {
  const [policy, countedKeys] = await Promise.all([
    readPolicy(db, actor.teamId),
    countTowardsQuota(db, actor, actor.now),
  ]);
  const { memberScopes, ...shown } = policy;
  return (kind) => ({
    kind,
    self: { id: actor.memberId, name: actor.name },
    rights: {
      memberId: actor.memberId,
      kinds: KEY_KINDS.filter((each) => can(actor, MANAGE_KEYS[each])),
      revokesOthers: can(actor, REVOKE_OTHERS_KEYS),
    },
    scopeGroups: grantableScopes(kind, actor.permissions, memberScopes),
    resourceTypes: resourceTypes(),
    policy: shown,
    countedKeys,
    isMailConfigured: isMailConfigured(),
  });
}
