import type { KeyKind } from "@/lib/api-keys/kinds";
import { type KeyStatus, keyStatus } from "@/lib/api-keys/status";

const personSelect = { select: { id: true, user: { select: { name: true } } } } as const;

const columns = {
  id: true,
  kind: true,
  name: true,
  tokenStart: true,
  tokenLastFour: true,
  scopes: true,
  resource: true,
  allowedIps: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
  rotatedFromId: true,
} as const;

/** The columns of a key that may leave the server. The hash is not among them. */
export const apiKeySelect = {
  ...columns,
  member: personSelect,
  responsibleMember: personSelect,
  rotatedTo: { select: { id: true } },
  usage: { select: { lastUsedAt: true } },
} as const;

/** A member as keys name them. */
export type KeyPerson = { id: string; name: string };

/** A key as screens see it; times are ISO 8601 in UTC. */
export type ApiKeyDto = {
  id: string;
  kind: KeyKind;
  name: string | null;
  tokenStart: string;
  tokenLastFour: string;
  scopes: string[];
  /** `<type>:<id>` of the one resource it is narrowed to; null means the whole team. */
  resource: string | null;
  /** Ranges (CIDR) it may be presented from; none means anywhere. */
  allowedIps: string[];
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  status: KeyStatus;
  /** Whom a personal key acts as. */
  owner: KeyPerson | null;
  /** Who gets the notices about a team key. */
  responsible: KeyPerson | null;
  /** The key that replaces this one, and the one that this one replaces. */
  successorId: string | null;
  predecessorId: string | null;
};

/** What of a key stands in its own row; {@link readKeyRow} reads the rest. */
export const ownColumns = { ...columns, memberId: true, responsibleMemberId: true } as const;

type PersonRow = { id: string; user: { name: string } } | null;

export type ApiKeyRow = Pick<
  ApiKeyDto,
  "id" | "kind" | "name" | "tokenStart" | "tokenLastFour" | "scopes" | "resource" | "allowedIps"
> & {
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  member: PersonRow;
  responsibleMember: PersonRow;
  rotatedFromId: string | null;
  rotatedTo: { id: string } | null;
  usage: { lastUsedAt: Date } | null;
};

export function apiKeyDto(row: ApiKeyRow, now: Date): ApiKeyDto {
  const { revokedAt, usage, member, responsibleMember, rotatedFromId, rotatedTo, ...shown } = row;
  return {
    ...shown,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: usage?.lastUsedAt.toISOString() ?? null,
    status: keyStatus(row, now),
    owner: personOf(member),
    responsible: personOf(responsibleMember),
    successorId: rotatedTo?.id ?? null,
    predecessorId: rotatedFromId,
  };
}

function personOf(row: PersonRow): KeyPerson | null {
  return row && { id: row.id, name: row.user.name };
}
