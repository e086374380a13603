import "server-only";
import { pool } from "@/lib/database/db";
import { preparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { log } from "@/lib/log";
import { ABSOLUTE_TIMEOUT_MS, IDLE_TIMEOUT_MS, SEEN_RESOLUTION_MS } from "@/lib/sessions/session-limits";
import { sessionSecretHash } from "@/lib/sessions/session-secret";

/** A user's membership in a team, with the role's current permissions. */
type Membership = {
  id: string;
  team: { id: string; slug: string; name: string };
  role: { name: string; grantsAll: boolean; permissions: string[] };
  confirmedEmail: string | null;
};

/** The ID is for screens and audit logs and grants nothing. `now` is the database's time when the session was read. */
export type LiveSession = {
  id: string;
  now: Date;
  user: { id: string; email: string; confirmedEmail: string | null; name: string; members: Membership[] };
};

const interval = (ms: number) => `interval '${ms} milliseconds'`;

// Every page waits for this, so it is one statement: session, user, and one row per membership.
const readWhere = (which: string) => `
    select s.id, now() as now, s.last_seen_at < now() - ${interval(SEEN_RESOLUTION_MS)} as is_seen_long_ago,
      u.id as user_id, u.email, u.confirmed_email, u.name as user_name,
      m.id as member_id, m.confirmed_email as member_confirmed_email, t.id as team_id, t.slug, t.name as team_name,
      r.name as role_name, r.grants_all, r.permissions
    from sessions s
      join users u on u.id = s.user_id and u.disabled_at is null
      left join (members m join teams t on t.id = m.team_id join roles r on r.id = m.role_id)
        on m.user_id = u.id and m.removed_at is null and m.disabled_at is null
    where ${which} and s.ended_at is null and s.expires_at > now()
      and s.created_at > now() - ${interval(ABSOLUTE_TIMEOUT_MS)} and s.last_seen_at > now() - ${interval(IDLE_TIMEOUT_MS)}
    order by m.created_at`;

const READ = preparedStatement("read-session", readWhere("s.secret_hash = $1"));

const READ_BY_TOKEN = preparedStatement(
  "read-session-of-token",
  readWhere("s.id = (select session_id from session_tokens where token_hash = $1 and expires_at > now())"),
);

type SessionRow = {
  id: string;
  now: Date;
  is_seen_long_ago: boolean;
  user_id: string;
  email: string;
  confirmed_email: string | null;
  user_name: string;
  member_id: string | null;
  member_confirmed_email: string | null;
  team_id: string;
  slug: string;
  team_name: string;
  role_name: string;
  grants_all: boolean;
  permissions: string[];
};

/**
 * The live session for a cookie's secret, with its user and current teams; null if it was ended or timed out, or the
 * user was disabled. Read on every request, so changes take effect immediately.
 */
export async function readSession(secret: string): Promise<LiveSession | null> {
  return readLive(READ, sessionSecretHash(secret));
}

/**
 * The same for a session token, by its SHA-256. A call with the token counts as activity of the session, but extends it
 * by no more than the token's own hour, because the token can't create another one.
 */
export async function readSessionOfToken(tokenHash: Buffer): Promise<LiveSession | null> {
  return readLive(READ_BY_TOKEN, tokenHash);
}

async function readLive(statement: typeof READ, hash: Buffer): Promise<LiveSession | null> {
  const rows = await runPrepared<SessionRow>(pool, statement, [hash]);
  const [first] = rows;
  if (first?.is_seen_long_ago) noteSeen(first.id);
  return sessionIn(rows);
}

function sessionIn(rows: SessionRow[]): LiveSession | null {
  const [first] = rows;
  if (!first) return null;
  const members = rows.flatMap(membershipIn);
  return {
    id: first.id,
    now: first.now,
    user: {
      id: first.user_id,
      email: first.email,
      confirmedEmail: first.confirmed_email,
      name: first.user_name,
      members,
    },
  };
}

function membershipIn(row: SessionRow): Membership[] {
  if (!row.member_id) return [];
  return [
    {
      id: row.member_id,
      team: { id: row.team_id, slug: row.slug, name: row.team_name },
      role: { name: row.role_name, grantsAll: row.grants_all, permissions: row.permissions },
      confirmedEmail: row.member_confirmed_email,
    },
  ];
}

/**
 * Not awaited: pages don't wait for it, and a lost renewal shortens the idle time by only a minute. Doesn't wait for
 * locks either, because it uses a connection of the read pool.
 */
function noteSeen(sessionId: string): void {
  pool
    .query(
      `update sessions set last_seen_at = now()
       where id = (select id from sessions where id = $1 and last_seen_at < now() for update skip locked)`,
      [sessionId],
    )
    .catch((error: unknown) => log.warn({ err: String(error) }, "last-seen time of session not updated"));
}
