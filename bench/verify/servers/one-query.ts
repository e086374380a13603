import { createHash } from "node:crypto";
import pg from "pg";
import { POOL_SIZE } from "./pool-size.ts";
import { serveVerification } from "./serve.ts";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: POOL_SIZE });

const LOOK_UP = {
  name: "look-up",
  text: `
    select k.id, k.kind, k.name, k.scopes, k.token_start, k.token_last_four, k.created_at, k.expires_at, k.revoked_at,
      t.id as team_id, t.slug as team_slug, t.name as team_name,
      m.id as member_id, u.name as member_name, u.email as member_email, r.name as role_name, r.grants_all, r.permissions
    from api_keys k
      join teams t on t.id = k.team_id
      left join (members m
        join users u on u.id = m.user_id and u.disabled_at is null
        join roles r on r.id = m.role_id)
      on m.id = k.member_id and m.removed_at is null
    where k.token_hash = $1`,
};

serveVerification(async (token) => {
  const { rows } = await pool.query({ ...LOOK_UP, values: [createHash("sha256").update(token).digest()] });
  const [key] = rows;
  if (!key?.member_id || key.revoked_at || (key.expires_at && key.expires_at <= new Date())) return undefined;
  const { permissions, ...shown } = key;
  return { ...shown, scopes: key.scopes.filter((scope: string) => key.grants_all || permissions.includes(scope)) };
});
