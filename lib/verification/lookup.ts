import "server-only";
import { permissionsOf } from "@/lib/auth/permissions";
import { pool } from "@/lib/db";
import type { KeyState } from "@/lib/verification/decide";

/** A key as the doors need it: what decides, and what `/me` tells about it. */
export type VerifiedKey = KeyState & {
  id: string;
  name: string | null;
  tokenStart: string;
  tokenLastFour: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  team: { id: string; slug: string; name: string };
  member: { id: string; name: string; email: string; role: string } | null;
};

// One committed read for everything that decides: nothing here is cached, so a revocation, a
// demotion or a removal that has committed is seen by the next request, on every instance.
const LOOKUP = {
  name: "verification-lookup",
  // A gateway waits for this answer: a database that hangs is as good as none.
  query_timeout: 2_000,
  text: `
    select k.id, k.kind, k.name, k.scopes, k.token_start, k.token_last_four, k.created_at, k.expires_at, k.revoked_at,
      k.last_used_at, t.id as team_id, t.slug as team_slug, t.name as team_name,
      m.id as member_id, u.name as member_name, u.email as member_email,
      r.name as role_name, r.grants_all, r.permissions
    from api_keys k
      join teams t on t.id = k.team_id
      left join (members m
        join users u on u.id = m.user_id and u.disabled_at is null
        join roles r on r.id = m.role_id)
      on m.id = k.member_id and m.removed_at is null
    where k.token_hash = $1`,
};

type LookupRow = {
  id: string;
  kind: "personal" | "team";
  name: string | null;
  scopes: string[];
  token_start: string;
  token_last_four: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
  team_id: string;
  team_slug: string;
  team_name: string;
  member_id: string | null;
  member_name: string;
  member_email: string;
  role_name: string;
  grants_all: boolean;
  permissions: string[];
};

/** The key with this token hash, its team, and its member as far as the membership is active. */
export async function lookUpKey(tokenHash: Buffer): Promise<VerifiedKey | null> {
  const { rows } = await pool.query<LookupRow>({ ...LOOKUP, values: [tokenHash] });
  return rows[0] ? fromRow(rows[0]) : null;
}

function fromRow(row: LookupRow): VerifiedKey {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    scopes: row.scopes,
    tokenStart: row.token_start,
    tokenLastFour: row.token_last_four,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    team: { id: row.team_id, slug: row.team_slug, name: row.team_name },
    member: row.member_id
      ? { id: row.member_id, name: row.member_name, email: row.member_email, role: row.role_name }
      : null,
    memberPermissions: row.member_id
      ? permissionsOf({ grantsAll: row.grants_all, permissions: row.permissions })
      : null,
  };
}
