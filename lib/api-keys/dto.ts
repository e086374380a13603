import { columnSelect, columnsOf, type KeyColumns } from "@/lib/api-keys/columns";
import type { KeyKind } from "@/lib/api-keys/kinds";
import { type KeyStatus, keyStatus } from "@/lib/api-keys/status";
import { scopeCatalog } from "@/lib/permissions/catalog";
import { scopesHeld } from "@/lib/verification/decide";

const personSelect = { select: { id: true, user: { select: { name: true } } } } as const;

/** Selects whether a member is active, and what their role grants their keys. */
const ownerSelect = {
  select: {
    id: true,
    disabledAt: true,
    removedAt: true,
    user: { select: { name: true, disabledAt: true } },
    role: { select: { grantsAll: true, permissions: true } },
  },
} as const;

/** Selects a key and the related rows that {@link apiKeyDto} needs. */
export const apiKeySelect = {
  ...columnSelect,
  member: ownerSelect,
  responsibleMember: personSelect,
  rotatedTo: { select: { id: true } },
  usage: { select: { lastUsedAt: true } },
} as const;

/** A member related to a key. */
export type KeyPerson = { id: string; name: string };

/** A key for screens; times are ISO 8601 in UTC. */
export type ApiKeyDto = Omit<ReturnType<typeof columnsOf>, "revokedAt" | "rotatedFromId"> & {
  /** Scopes that are not effective now: not granted by the member's role, or no longer in the catalog. */
  withheldScopes: string[];
  /** Whether a personal key is refused because its member, or their account, is disabled or removed. */
  isOwnerInactive: boolean;
  lastUsedAt: string | null;
  status: KeyStatus;
  /** The member that a personal key acts as. */
  owner: KeyPerson | null;
  /** The member who gets the notices about a team key. */
  responsible: KeyPerson | null;
  /** The key that replaces this one, and the one that this one replaces. */
  successorId: string | null;
  predecessorId: string | null;
};

/** Selects the columns of a key's own row. */
export const ownColumns = { ...columnSelect, memberId: true, responsibleMemberId: true } as const;

type PersonRow = { id: string; user: { name: string } };
type OwnerRow = {
  id: string;
  disabledAt: Date | null;
  removedAt: Date | null;
  user: { name: string; disabledAt: Date | null };
  role: { grantsAll: boolean; permissions: string[] };
};

export type ApiKeyRow = KeyColumns & {
  member: OwnerRow | null;
  responsibleMember: PersonRow | null;
  rotatedTo: { id: string } | null;
  usage: { lastUsedAt: Date } | null;
};

export function apiKeyDto(row: ApiKeyRow, now: Date): ApiKeyDto {
  const { usage, member, responsibleMember, rotatedTo } = row;
  const { revokedAt: _, rotatedFromId, ...shown } = columnsOf(row);
  return {
    ...shown,
    withheldScopes: withheldScopes({ ...row, role: member?.role ?? null }),
    isOwnerInactive: member !== null && Boolean(member.disabledAt ?? member.removedAt ?? member.user.disabledAt),
    lastUsedAt: usage?.lastUsedAt.toISOString() ?? null,
    status: keyStatus(row, now),
    owner: personOf(member),
    responsible: personOf(responsibleMember),
    successorId: rotatedTo?.id ?? null,
    predecessorId: rotatedFromId,
  };
}

type Holding = { kind: KeyKind; scopes: string[]; role: OwnerRow["role"] | null };

/** A key's scopes that are not effective now. */
export function withheldScopes({ kind, scopes, role }: Holding): string[] {
  // A linear search is cheaper than building a set for each of a page's fifty keys.
  const permissionsOf = ({ permissions }: OwnerRow["role"]) => ({
    has: (scope: string) => permissions.includes(scope),
  });
  const member = role && { role: { grantsAll: role.grantsAll, permissions: permissionsOf(role) } };
  const held = scopesHeld({ kind, scopes, member }, scopeCatalog());
  return scopes.filter((scope) => !held.includes(scope));
}

function personOf(row: PersonRow | null): KeyPerson | null {
  return row && { id: row.id, name: row.user.name };
}
