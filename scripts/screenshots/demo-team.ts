import { randomBytes } from "node:crypto";
import { sqlActive } from "../../lib/api-keys/status.ts";
import { pool } from "../../lib/database/db.ts";
import { addKeys } from "../seed/add-keys.ts";
import { addMembers } from "../seed/add-members.ts";
import { createTeamWithAdmin } from "../seed/find-team.ts";
import { createRandom } from "../seed/random.ts";

/** A team as it might look after some months, with its admin, who owns the busiest key. */
export type DemoTeam = { slug: string; email: string; password: string; busiestKeyId: string };

const SEED = 7;
const MEMBERS = 8;
const KEYS = 60;

/** Creates the team for the pictures. */
export async function makeUpDemoTeam(): Promise<DemoTeam> {
  const email = "ada@example.com";
  const password = randomBytes(12).toString("base64url");
  const team = await createTeamWithAdmin("Acme", email, password);
  const random = createRandom(SEED);
  await addMembers(team.id, MEMBERS, "no password has this hash", random);
  await addKeys(team.id, KEYS, random);
  const busiestKeyId = await pickBusiestKey(email);
  await makeUpCalls(busiestKeyId);
  await pool.query("analyze");
  return { slug: team.slug, email, password, busiestKeyId };
}

async function pickBusiestKey(email: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `select k.id from api_keys k
      join members m on m.id = k.member_id join users u on u.id = m.user_id
      join api_key_usage c on c.key_id = k.id
     where u.email = $1 and ${sqlActive().text}
     order by c.last_used_at desc limit 1`,
    [email],
  );
  if (!rows[0]) throw new Error("the admin has no active key that was used");
  return rows[0].id;
}

/** A month of calls, more on working days, some of them denied, and their recent IP addresses. */
async function makeUpCalls(keyId: string): Promise<void> {
  await pool.query(
    `insert into api_key_hours (key_id, hour, code, calls, last_at, last_ip)
     select $1, day, code, calls, day + interval '1 hour', '203.0.113.7'
     from generate_series(date_trunc('day', now(), 'UTC') - interval '29 days', date_trunc('day', now(), 'UTC') - interval '1 day', '1 day') as day,
       lateral (values
         ('valid', (case when extract(isodow from day) > 5 then 900 else 3200 end + 37 * (extract(day from day)::int % 9))::int),
         ('insufficient_scope', (extract(day from day)::int % 5) * 21),
         ('ip_not_allowed', case when extract(day from day)::int % 11 = 0 then 140 else 0 end)
       ) as c (code, calls)
     where calls > 0 on conflict do nothing`,
    [keyId],
  );
  await pool.query(
    `insert into api_key_addresses (key_id, ip, user_agent, first_at, last_at, hour, calls)
     values ($1, '203.0.113.7', 'Zapier', now() - interval '80 days', now() - interval '2 minutes', date_trunc('hour', now(), 'UTC'), 212),
            ($1, '2001:db8::42', 'node', now() - interval '3 days', now() - interval '40 minutes', date_trunc('hour', now(), 'UTC'), 12)
     on conflict do nothing`,
    [keyId],
  );
  await pool.query(
    `insert into api_key_scope_uses (key_id, scope, last_at)
     select id, scopes[1], now() - interval '2 minutes' from api_keys where id = $1 on conflict do nothing`,
    [keyId],
  );
}
