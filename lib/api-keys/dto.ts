import type { KeyKind } from "@/lib/api-keys/kinds";
import { type KeyStatus, keyStatus } from "@/lib/api-keys/status";

/** The columns of a key that may leave the server. The hash is not among them. */
export const apiKeySelect = {
  id: true,
  kind: true,
  name: true,
  tokenStart: true,
  tokenLastFour: true,
  scopes: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
  usage: { select: { lastUsedAt: true } },
} as const;

/** A key as screens see it; times are ISO 8601 in UTC. */
export type ApiKeyDto = {
  id: string;
  kind: KeyKind;
  name: string | null;
  tokenStart: string;
  tokenLastFour: string;
  scopes: string[];
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  status: KeyStatus;
};

type ApiKeyRow = Omit<ApiKeyDto, "createdAt" | "expiresAt" | "lastUsedAt" | "status"> & {
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  usage: { lastUsedAt: Date } | null;
};

export function apiKeyDto({ revokedAt, usage, ...row }: ApiKeyRow, now: Date): ApiKeyDto {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: usage?.lastUsedAt.toISOString() ?? null,
    status: keyStatus({ revokedAt, expiresAt: row.expiresAt }, now),
  };
}
