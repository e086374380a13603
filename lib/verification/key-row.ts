import "server-only";
import pg from "pg";
import type { KeyState } from "@/lib/verification/decide";
import { remembering } from "@/lib/verification/remembering";

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

const KEY_COLUMNS = `k.token_hash, k.id, k.kind, k.name, k.token_start, k.token_last_four, k.scopes, k.resource,
    k.allowed_ips, k.created_at, k.expires_at, k.revoked_at, k.member_id, k.team_id, t.access_version`;

/** The keys whose token hashes are given, and the version under which their teams' members may be remembered. */
export const SELECT_KEYS = `
  select ${KEY_COLUMNS}
  from api_keys k join teams t on t.id = k.team_id
  where k.token_hash = any($1::bytea[])`;

/** The same, read together with whom each key acts as. */
export const SELECT_KEYS_AND_HOLDERS = `
  select ${KEY_COLUMNS}, t.slug, t.name,
    m.removed_at is null and u.disabled_at is null, u.name, u.email, r.name, r.grants_all, r.permissions
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
  tokenStart: Text,
  tokenLastFour: Text,
  scopes: Text,
  resource: Nullable,
  allowedIps: Text,
  createdAt: Text,
  expiresAt: Nullable,
  revokedAt: Nullable,
  memberId: Nullable,
  teamId: Text,
  accessVersion: Text,
];

export type KeyAndHolderRow = [
  ...KeyRow,
  teamSlug: Text,
  teamName: Text,
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

/** A class for its getter: what only some doors tell is not parsed for the others. */
class FoundKey implements VerifiedKey {
  readonly id: string;
  readonly kind: "personal" | "team";
  readonly name: string | null;
  readonly tokenStart: string;
  readonly tokenLastFour: string;
  readonly scopes: readonly string[];
  readonly resource: string | null;
  readonly allowedIps: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly team: VerifiedTeam;
  readonly member: VerifiedMember | null;
  private readonly createdAtText: string;

  constructor(row: KeyRow | KeyAndHolderRow, { team, member }: Holder) {
    this.id = row[1];
    this.kind = row[2];
    this.name = row[3];
    this.tokenStart = row[4];
    this.tokenLastFour = row[5];
    this.scopes = listOf(row[6]);
    this.resource = row[7];
    this.allowedIps = row[8] === "{}" ? NONE : listOf(row[8]);
    this.createdAtText = row[9];
    this.expiresAt = row[10] === null ? null : instantOf(row[10]);
    this.revokedAt = row[11] === null ? null : instantOf(row[11]);
    this.team = team;
    this.member = member;
  }

  get createdAt(): Date {
    return instantOf(this.createdAtText);
  }
}

const NONE: readonly string[] = [];

export function holderOf(row: KeyAndHolderRow): Holder {
  const [slug, teamName, isActive, name, email, roleName, grantsAll, permissions] = row.slice(15) as Text[];
  const memberId = row[12];
  const team = { id: row[13], slug: slug as Text, name: teamName as Text };
  if (memberId === null) return { team, member: null };
  const role = { grantsAll: grantsAll === "t", permissions: setOf(permissions as Text) };
  const person = { id: memberId, name: name as Text, email: email as Text, roleName: roleName as Text };
  return { team, member: { ...person, isActive: isActive === "t", role } };
}

const instantOf = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;
const TEXT_ARRAY = 1009;
const parseList = pg.types.getTypeParser(TEXT_ARRAY as never) as (text: string) => string[];

/** Keys share few lists of scopes, and members few roles: the same text is parsed once. */
const listOf = remembering((text): readonly string[] => Object.freeze(parseList(text)));
const setOf = remembering((text): ReadonlySet<string> => new Set(parseList(text)));
