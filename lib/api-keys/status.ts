import "server-only";
import { Prisma } from "@/generated/prisma/client";

const { sql, raw } = Prisma;

export const KEY_STATUSES = ["active", "expired", "revoked"] as const;
export type KeyStatus = (typeof KEY_STATUSES)[number];

type Lifetime = { revokedAt: Date | null; expiresAt: Date | null };

/** A key's status at an instant. A revoked key stays “revoked” after its expiry: that is the more useful information. */
export function keyStatus({ revokedAt, expiresAt }: Lifetime, now: Date): KeyStatus {
  if (revokedAt) return "revoked";
  return expiresAt && expiresAt <= now ? "expired" : "active";
}

/** The expiry of a row `k` of `api_keys` as in the indexes of unrevoked keys: infinity if it never expires. */
export const ENDS_AT = endOf("k");

function endOf(key: string): Prisma.Sql {
  return sql`coalesce(${raw(key)}.expires_at, 'infinity')`;
}

/** {@link keyStatus} in SQL, for a row of `api_keys` with the alias `key`; a test compares the two. */
export function sqlStatus(status: KeyStatus, now: Date | Prisma.Sql = sql`now()`, key = "k"): Prisma.Sql {
  const revokedAt = raw(`${key}.revoked_at`);
  switch (status) {
    case "revoked":
      return sql`${revokedAt} is not null`;
    case "expired":
      return sql`${revokedAt} is null and ${endOf(key)} <= ${now}`;
    case "active":
      return sql`${revokedAt} is null and ${endOf(key)} > ${now}`;
  }
}

export const sqlActive = (now?: Date, key?: string) => sqlStatus("active", now, key);
