import "server-only";
import { parseInstant, parseTextArray } from "@/lib/database/postgres";
import { sqlConfirmedAddress } from "@/lib/members/confirmed-address";
import type { PolicyInForce } from "@/lib/policies/at-verification";
import { memoize } from "@/lib/text/memoize";
import { SERVER_STATE } from "@/lib/verification/server-state";
import { type Holder, type KeyGrant, ownJsonOf, UUID_CHARACTERS, VerifiedKey } from "@/lib/verification/verified-key";

/** Milliseconds are cheaper to parse than a date. */
const epochMs = (column: string) => `date_part('epoch', ${column}) * 1000`;

/**
 * Each value costs a string, so there are few: ID, the token's ends and name in one text, null for the usual empty list,
 * and one ID of the holder. Each row contains its hash, so that it can only answer for its own token.
 */
const KEY_COLUMNS = `k.token_hash, k.id || k.token_start || k.token_last_four || coalesce(' ' || k.name, ''), k.kind, k.scopes, k.resource, nullif(k.allowed_ips, '{}'),
    ${epochMs("k.created_at")}, ${epochMs("k.expires_at")}, ${epochMs("k.revoked_at")}, coalesce(k.member_id, k.team_id), t.access_version`;

/** The last row is the state of the server; its other columns are null. */
const nulls = (columns: number) => Array(columns).fill("null").join(", ");

/** The versions of teams by ID: as long as a team's is the same, its keys and members are unchanged. */
export const SELECT_VERSIONS = `
  select id, access_version::text from teams where id = any($1::uuid[])
  union all select null, ${SERVER_STATE}`;

export type VersionRow = [teamId: Text, accessVersion: Text];

/** The keys with the given token hashes, and the versions of their teams. */
export const SELECT_KEYS = `
  select ${KEY_COLUMNS}
  from api_keys k join teams t on t.id = k.team_id
  where k.token_hash = any($1::bytea[])
  union all select null, ${SERVER_STATE}, ${nulls(9)}`;

/** The same together with the holders. */
export const SELECT_KEYS_AND_HOLDERS = `
  select ${KEY_COLUMNS}, t.id, t.slug, t.name,
    m.id, m.removed_at is null and m.disabled_at is null and u.disabled_at is null,
    u.name, ${sqlConfirmedAddress("u", "m")}, r.name, r.grants_all, r.permissions,
    p.changed_at, p.max_lifetime_days, p.may_never_expire, p.requires_ips, case when p.limits_scopes then p.member_scopes end
  from api_keys k
    join teams t on t.id = k.team_id
    left join team_policies p on p.team_id = t.id
    left join (members m join users u on u.id = m.user_id join roles r on r.id = m.role_id) on m.id = k.member_id
  where k.token_hash = any($1::bytea[])
  union all select null, ${SERVER_STATE}, ${nulls(24)}`;

type Text = string;
type Nullable = string | null;

/** In PostgreSQL's text form: most values are only passed on, so they are parsed when needed. */
export type KeyRow = [
  tokenHash: Text,
  /** The ID (36 characters), the token's start and last four, and after a space the name, if any. */
  shown: Text,
  kind: "personal" | "team",
  scopes: Text,
  resource: Nullable,
  allowedIps: Nullable,
  createdAtMs: Text,
  expiresAtMs: Nullable,
  revokedAtMs: Nullable,
  /** The member's, or a team key's team's. */
  holderId: Text,
  accessVersion: Text,
];

type HolderColumns = [
  teamId: Text,
  teamSlug: Text,
  teamName: Text,
  memberId: Nullable,
  memberIsActive: Text,
  memberName: Text,
  memberEmail: Text,
  roleName: Text,
  roleGrantsAll: Text,
  rolePermissions: Text,
];

type PolicyColumns = [
  changedAt: Nullable,
  maxLifetimeDays: Nullable,
  mayNeverExpire: Text,
  requiresIps: Text,
  memberScopes: Nullable,
];

export type KeyAndHolderRow = [...KeyRow, ...HolderColumns, ...PolicyColumns];

/** The key in a row that the database read at `asOfMs`, with its holder. */
export function keyOf(row: KeyRow | KeyAndHolderRow, holder: Holder, asOfMs: number): VerifiedKey {
  const [, shown, kind, scopes, resource, allowedIps, createdAt, expiresAt, revokedAt] = row;
  const grant = grantOf(JSON.stringify([kind, scopes, resource, allowedIps]));
  const times = [msOf(createdAt), msOf(expiresAt), msOf(revokedAt)] as const;
  const key = new VerifiedKey(ownJsonOfColumn(shown), grant, ...times, holder);
  key.asOfMs = asOfMs;
  return key;
}

const LAST_FOUR = 4;

function ownJsonOfColumn(shown: string): string {
  const space = shown.indexOf(" ", UUID_CHARACTERS);
  const end = space < 0 ? shown.length : space;
  const name = space < 0 ? null : shown.slice(space + 1);
  return ownJsonOf(
    shown.slice(0, UUID_CHARACTERS),
    name,
    shown.slice(UUID_CHARACTERS, end - LAST_FOUR),
    shown.slice(end - LAST_FOUR, end),
  );
}

/** Columns hold whole milliseconds; the product of floats need not. */
const msOf = (text: Nullable) => (text === null ? Number.NaN : Math.round(Number(text)));

const HOLDER_COLUMNS_START = 11;
const POLICY_COLUMNS_START = 21;

export function holderOf(row: KeyAndHolderRow): Holder {
  const accessVersion = row[HOLDER_COLUMNS_START - 1] as string;
  const columns = row.slice(HOLDER_COLUMNS_START, POLICY_COLUMNS_START) as HolderColumns;
  const [id, slug, name] = columns;
  const policy = policyOf(row.slice(POLICY_COLUMNS_START) as PolicyColumns);
  return { team: { id, slug, name }, member: memberOf(columns), policy, accessVersion };
}

function memberOf([, , , id, isActive, name, email, roleName, grantsAll, granted]: HolderColumns) {
  if (id === null) return null;
  const role = { grantsAll: grantsAll === "t", permissions: setOf(granted) };
  return { id, name, email, roleName, isActive: isActive === "t", role };
}

/** Null also for a policy without any rule for verification. */
function policyOf([
  changedAt,
  maxDays,
  mayNeverExpire,
  requiresIps,
  memberScopes,
]: PolicyColumns): PolicyInForce | null {
  if (changedAt === null) return null;
  const policy = {
    changedAt: parseInstant(changedAt),
    maxLifetimeDays: maxDays === null ? null : Number(maxDays),
    mayNeverExpire: mayNeverExpire === "t",
    requiresIps: requiresIps === "t",
    memberScopes: memberScopes === null ? null : listOf(memberScopes),
  };
  const isEmpty = maxDays === null && policy.mayNeverExpire && !policy.requiresIps && memberScopes === null;
  return isEmpty ? null : policy;
}

/** Many keys share a grant, and many members a role: the same text is parsed once. */
const grantOf = memoize((text): KeyGrant => {
  const [kind, scopes, resource, allowedIps] = JSON.parse(text) as [KeyRow[2], Text, Nullable, Nullable];
  return {
    kind,
    scopes: parseTextArray(scopes),
    resource,
    allowedIps: allowedIps === null ? [] : parseTextArray(allowedIps),
  };
});
const listOf = memoize((text): readonly string[] => parseTextArray(text));
const setOf = memoize((text): ReadonlySet<string> => new Set(parseTextArray(text)));
