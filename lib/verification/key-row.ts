import "server-only";
import pg from "pg";
import type { PolicyInForce } from "@/lib/policies/at-verification";
import { remembering } from "@/lib/remembering";
import type { KeyState } from "@/lib/verification/decide";

/** A key as the doors need it: what decides, and what they tell about it. */
export type VerifiedKey = KeyState & {
  id: string;
  name: string | null;
  tokenStart: string;
  tokenLastFour: string;
  team: VerifiedTeam;
  member: VerifiedMember | null;
};

export type VerifiedTeam = { id: string; slug: string; name: string };
export type VerifiedMember = NonNullable<KeyState["member"]> & {
  id: string;
  name: string;
  email: string;
  roleName: string;
};

/**
 * Each value costs the reader a string, so there are as few as will do: id, ends of the token and name as one text, null for
 * the usual empty list, and one id for whom the key acts as. The hash comes back, so that a row can only answer for its own.
 */
const KEY_COLUMNS = `k.token_hash, k.id || k.token_start || k.token_last_four || coalesce(' ' || k.name, ''), k.kind, k.scopes, k.resource, nullif(k.allowed_ips, '{}'),
    k.created_at, k.expires_at, k.revoked_at, coalesce(k.member_id, k.team_id), t.access_version`;

/** The versions of teams by their ids: while a team's stands, nothing that was read of its keys and members has changed. */
export const SELECT_VERSIONS = "select id, access_version from teams where id = any($1::uuid[])";

export type VersionRow = [teamId: Text, accessVersion: Text];

/** The keys whose token hashes are given, and the versions of their teams. */
export const SELECT_KEYS = `
  select ${KEY_COLUMNS}
  from api_keys k join teams t on t.id = k.team_id
  where k.token_hash = any($1::bytea[])`;

/** The same, read together with whom each key acts as. */
export const SELECT_KEYS_AND_HOLDERS = `
  select ${KEY_COLUMNS}, t.id, t.slug, t.name,
    m.id, m.removed_at is null and m.disabled_at is null and u.disabled_at is null,
    u.name, u.email, r.name, r.grants_all, r.permissions,
    p.changed_at, p.max_lifetime_days, p.may_never_expire, p.requires_ips, case when p.limits_scopes then p.member_scopes end
  from api_keys k
    join teams t on t.id = k.team_id
    left join team_policies p on p.team_id = t.id
    left join (members m join users u on u.id = m.user_id join roles r on r.id = m.role_id) on m.id = k.member_id
  where k.token_hash = any($1::bytea[])`;

type Text = string;
type Nullable = string | null;

/** As PostgreSQL writes them: most values are only passed on, so none is parsed before it is needed. */
export type KeyRow = [
  tokenHash: Text,
  /** The id (36 characters), the token's start and last four, and behind a space the name if there is one. */
  shown: Text,
  kind: "personal" | "team",
  scopes: Text,
  resource: Nullable,
  allowedIps: Nullable,
  createdAt: Text,
  expiresAt: Nullable,
  revokedAt: Nullable,
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

/** Whom a key belongs to and acts as, what its team demands of it, and the version of the team under which that was read. */
export type Holder = {
  team: VerifiedTeam;
  member: VerifiedMember | null;
  policy: PolicyInForce | null;
  accessVersion: string;
};

/** For `pg`: leave every value as the text it came as. */
export const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

const ID_LENGTH = 36;
const LAST_FOUR = 4;

/** A key as it was read. There may be a hundred thousand of them in memory, so it holds little that isn't shared. */
export class FoundKey implements VerifiedKey {
  readonly kind: "personal" | "team";
  readonly scopes: readonly string[];
  readonly resource: string | null;
  readonly allowedIps: readonly string[];
  readonly holder: Holder;
  private readonly shown: string;
  private readonly createdAtMs: number;
  private readonly expiresAtMs: number | null;
  private readonly revokedAtMs: number | null;

  constructor(row: KeyRow | KeyAndHolderRow, holder: Holder) {
    this.shown = row[1];
    this.kind = row[2] === "team" ? "team" : "personal";
    this.scopes = listOf(row[3]);
    this.resource = row[4];
    this.allowedIps = row[5] === null ? NONE : listOf(row[5]);
    this.createdAtMs = instantOf(row[6]).getTime();
    this.expiresAtMs = row[7] === null ? null : instantOf(row[7]).getTime();
    this.revokedAtMs = row[8] === null ? null : instantOf(row[8]).getTime();
    this.holder = holder;
  }

  get team(): VerifiedTeam {
    return this.holder.team;
  }

  get member(): VerifiedMember | null {
    return this.holder.member;
  }

  get policy(): PolicyInForce | null {
    return this.holder.policy;
  }

  get id(): string {
    return this.shown.slice(0, ID_LENGTH);
  }

  get name(): string | null {
    const { tokenEnd } = this;
    return tokenEnd < this.shown.length ? this.shown.slice(tokenEnd + 1) : null;
  }

  get tokenStart(): string {
    return this.shown.slice(ID_LENGTH, this.tokenEnd - LAST_FOUR);
  }

  get tokenLastFour(): string {
    const { tokenEnd } = this;
    return this.shown.slice(tokenEnd - LAST_FOUR, tokenEnd);
  }

  private get tokenEnd(): number {
    const space = this.shown.indexOf(" ", ID_LENGTH);
    return space < 0 ? this.shown.length : space;
  }

  get createdAt(): Date {
    return new Date(this.createdAtMs);
  }

  get expiresAt(): Date | null {
    return this.expiresAtMs === null ? null : new Date(this.expiresAtMs);
  }

  get revokedAt(): Date | null {
    return this.revokedAtMs === null ? null : new Date(this.revokedAtMs);
  }
}

const NONE: readonly string[] = [];

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

/** Null also for a policy that demands nothing which verification looks at. */
function policyOf([
  changedAt,
  maxDays,
  mayNeverExpire,
  requiresIps,
  memberScopes,
]: PolicyColumns): PolicyInForce | null {
  if (changedAt === null) return null;
  const policy = {
    changedAt: instantOf(changedAt),
    maxLifetimeDays: maxDays === null ? null : Number(maxDays),
    mayNeverExpire: mayNeverExpire === "t",
    requiresIps: requiresIps === "t",
    memberScopes: memberScopes === null ? null : listOf(memberScopes),
  };
  const demandsNothing = maxDays === null && policy.mayNeverExpire && !policy.requiresIps && memberScopes === null;
  return demandsNothing ? null : policy;
}

const instantOf = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;
const TEXT_ARRAY = 1009;
const parseList = pg.types.getTypeParser(TEXT_ARRAY as never) as (text: string) => string[];

/** Keys share few lists of scopes, and members few roles: the same text is parsed once. */
const listOf = remembering((text): readonly string[] => parseList(text));
const setOf = remembering((text): ReadonlySet<string> => new Set(parseList(text)));
