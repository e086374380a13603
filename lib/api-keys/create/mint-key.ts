import "server-only";
import type { KeyColumns } from "@/lib/api-keys/columns";
import { withinQuota } from "@/lib/api-keys/create/quota";
import { type ApiKeyRow, type KeyPerson, ownColumns } from "@/lib/api-keys/dto";
import { keyLabel } from "@/lib/api-keys/key-label";
import type { NewToken } from "@/lib/api-keys/token";
import type { AuditEvent } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import type { Transaction } from "@/lib/database/db";
import { enforcePolicy, type TeamPolicy } from "@/lib/policies/team-policy";

/** A key that is about to be made, its scopes already found to be the actor's to give. */
export type NewKey = Omit<KeyColumns, "id" | "tokenStart" | "tokenLastFour" | "createdAt" | "revokedAt"> & {
  /** Of a team key. */
  responsible: KeyPerson | null;
};

type Minting = {
  token: Omit<NewToken, "token">;
  policy: TeamPolicy;
  now: Date;
  /** What happens to the key that this one replaces, counted in the same quota. */
  replacing?: () => Promise<unknown>;
};

/** What a caller does in the transaction that makes a key, so that both happen or neither. */
export type AlsoInTransaction = (tx: Transaction, keyId: string) => Promise<unknown>;

/** Writes a new key within the team's policy and the actor's quota. Throws `invalid` or `limit_reached`. */
export async function mintKey(tx: Transaction, actor: Actor, key: NewKey, minting: Minting): Promise<ApiKeyRow> {
  const { policy, now, replacing } = minting;
  enforcePolicy(policy, { ...key, createdAt: now });
  const change = async () => {
    await replacing?.();
    return write(tx, actor, key, minting);
  };
  if (key.kind === "team") return change();
  const quota = { most: policy.maxActiveKeys, now, isReplacing: replacing !== undefined };
  return withinQuota(tx, actor, quota, change);
}

async function write(tx: Transaction, actor: Actor, key: NewKey, { token, now }: Minting): Promise<ApiKeyRow> {
  const { responsible, ...terms } = key;
  const owner = key.kind === "personal" ? { id: actor.memberId, name: actor.name } : null;
  const belongs = { teamId: actor.teamId, memberId: owner?.id ?? null, responsibleMemberId: responsible?.id ?? null };
  const data = { ...token, ...terms, ...belongs, createdAt: now };
  const { memberId: _, responsibleMemberId: __, ...row } = await tx.apiKey.create({ data, select: ownColumns });
  const person = (each: KeyPerson) => ({ id: each.id, user: { name: each.name } });
  const role = { grantsAll: false, permissions: [...actor.permissions] };
  const active = { disabledAt: null, removedAt: null, user: { name: actor.name, disabledAt: null } };
  const member = owner && { id: owner.id, ...active, role };
  return { ...row, member, responsibleMember: responsible && person(responsible), rotatedTo: null, usage: null };
}

/** The audit entry about a new key; `replaced` is the one whose place it takes. */
export function createdEvent(actor: Actor, key: ApiKeyRow, replaced?: ApiKeyRow): AuditEvent {
  const { kind, scopes, resource, allowedIps, expiresAt, responsibleMember } = key;
  return {
    teamId: actor.teamId,
    action: "api_key.created",
    actor,
    target: { type: "api_key", id: key.id, label: key.name ?? key.tokenStart },
    details: {
      kind,
      scopes,
      expires_at: expiresAt?.toISOString() ?? null,
      ...(resource && { resource }),
      ...(allowedIps.length > 0 && { allowed_ips: allowedIps }),
      ...(responsibleMember && { responsible: responsibleMember.user.name }),
      ...(replaced && { replaces: replaced.id, replaces_label: keyLabel(replaced) }),
    },
  };
}
