import "server-only";
import pg from "pg";
import { remembering } from "@/lib/remembering";
import type { KeyState } from "@/lib/verification/decide";

/** A key as the doors need it: what decides, and what they tell about it. */
export type VerifiedKey = KeyState & {
  id: string;
  name: string | null;
  tokenStart: string;
  tokenLastFour: string;
  createdAt: Date;
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
 * Each value costs the reader a string, so there are as few as will do: the ends of the token as one text, null for the
 * usual empty list, and one id for whom the key acts as. The hash comes back, so that a row can only answer for its own.
 */
const KEY_COLUMNS = `k.token_hash, k.id, k.kind, k.name,
    k.token_start || k.token_last_four, k.scopes, k.resource, nullif(k.allowed_ips, '{}'),
    k.created_at, k.expires_at, k.revoked_at, coalesce(k.member_id, k.team_id), t.access_version`;

/** The keys whose token hashes are given, and the version under which their teams' members may be remembered. */
export const SELECT_KEYS = `
  select ${KEY_COLUMNS}
  from api_keys k join teams t on t.id = k.team_id
  where k.token_hash = any($1::bytea[])`;

/** The same, read together with whom each key acts as. */
export const SELECT_KEYS_AND_HOLDERS = `
  select ${KEY_COLUMNS}, t.id, t.slug, t.name,
    m.id, m.removed_at is null and u.disabled_at is null, u.name, u.email, r.name, r.grants_all, r.permissions
  from api_keys k
    join teams t on t.id = k.team_id
    left join (members m join users u on u.id = m.user_id join roles r on r.id = m.role_id) on m.id = k.member_id
  where k.token_hash = any($1::bytea[])`;

type Text = string;
type Nullable = string | null;

/** As PostgreSQL writes them: most values are only passed on, so none is parsed before it is needed. */
export type KeyRow = [
  tokenHash: Text,
  id: Text,
  kind: "personal" | "team",
  name: Nullable,
  tokenEnds: Text,
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

export type KeyAndHolderRow = [
  ...KeyRow,
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

/** Whom a key belongs to and acts as. */
export type Holder = { team: VerifiedTeam; member: VerifiedMember | null };

/** For `pg`: leave every value as the text it came as. */
export const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

export function verifiedKey(row: KeyRow | KeyAndHolderRow, holder: Holder): VerifiedKey {
  return new FoundKey(row, holder);
}

const LAST_FOUR = 4;

/** A class for its getters: what only some doors tell is not parsed for the others. */
class FoundKey implements VerifiedKey {
  readonly id: string;
  readonly kind: "personal" | "team";
  readonly name: string | null;
  readonly scopes: readonly string[];
  readonly resource: string | null;
  readonly allowedIps: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly team: VerifiedTeam;
  readonly member: VerifiedMember | null;
  private readonly tokenEnds: string;
  private readonly createdAtText: string;

  constructor(row: KeyRow | KeyAndHolderRow, { team, member }: Holder) {
    this.id = row[1];
    this.kind = row[2];
    this.name = row[3];
    this.tokenEnds = row[4];
    this.scopes = listOf(row[5]);
    this.resource = row[6];
    this.allowedIps = row[7] === null ? NONE : listOf(row[7]);
    this.createdAtText = row[8];
    this.expiresAt = row[9] === null ? null : instantOf(row[9]);
    this.revokedAt = row[10] === null ? null : instantOf(row[10]);
    this.team = team;
    this.member = member;
  }

  get tokenStart(): string {
    return this.tokenEnds.slice(0, -LAST_FOUR);
  }

  get tokenLastFour(): string {
    return this.tokenEnds.slice(-LAST_FOUR);
  }

  get createdAt(): Date {
    return instantOf(this.createdAtText);
  }
}

const NONE: readonly string[] = [];

export function holderOf(row: KeyAndHolderRow): Holder {
  const [
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    ,
    teamId,
    slug,
    teamName,
    memberId,
    isActive,
    name,
    email,
    roleName,
    grantsAll,
    granted,
  ] = row;
  const team = { id: teamId, slug, name: teamName };
  if (memberId === null) return { team, member: null };
  const role = { grantsAll: grantsAll === "t", permissions: setOf(granted) };
  return { team, member: { id: memberId, name, email, roleName, isActive: isActive === "t", role } };
}

const instantOf = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;
const TEXT_ARRAY = 1009;
const parseList = pg.types.getTypeParser(TEXT_ARRAY as never) as (text: string) => string[];

/** Keys share few lists of scopes, and members few roles: the same text is parsed once. */
const listOf = remembering((text): readonly string[] => Object.freeze(parseList(text)));
const setOf = remembering((text): ReadonlySet<string> => new Set(parseList(text)));
