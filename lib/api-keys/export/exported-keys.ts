import "server-only";
import { fieldsOf, KEY_COLUMNS } from "@/lib/api-keys/columns";
import type { KeyRecord } from "@/lib/api-keys/read-keys";
import { keyStatus } from "@/lib/api-keys/status";

/** A key as a row of the export; times are ISO 8601 in UTC. */
export type ExportedKey = ReturnType<typeof exportedKey>;

export function exportedKey(key: KeyRecord, now: Date) {
  const { replaces: _, ...fields } = fieldsOf(key);
  return {
    ...fields,
    owner: key.member?.user.name ?? null,
    owner_email: key.ownerEmail,
    responsible: key.responsibleMember?.user.name ?? null,
    status: keyStatus(key, now),
    last_used_at: key.usage?.lastUsedAt.toISOString() ?? null,
  };
}

const FIRST_COLUMNS = [
  "id",
  "kind",
  "name",
  "prefix",
  "last_four",
  "owner",
  "owner_email",
  "responsible",
  "scopes",
  "resource",
  "allowed_ips",
  "status",
  "created_at",
  "expires_at",
  "revoked_at",
  "last_used_at",
] as const satisfies readonly (keyof ExportedKey)[];

const OWN_COLUMNS = Object.values(KEY_COLUMNS).map(({ field }) => field);

/** The columns of an export, in order. New ones are appended, because programs may rely on positions. */
export const EXPORTED_COLUMNS = [...new Set([...FIRST_COLUMNS, ...OWN_COLUMNS])].filter((name) => name !== "replaces");
