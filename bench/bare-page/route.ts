import { Pool } from "pg";

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

const NEWEST = {
  name: "bare-list",
  text: "select id, name, kind, scopes, created_at, expires_at from api_keys where team_id = $1 order by created_at desc, id desc limit 20",
};

/** The minimum for a list over HTTP: no sign-in, no permissions, one query. */
export async function GET(request: Request): Promise<Response> {
  const team = new URL(request.url).searchParams.get("team");
  const { rows } = await pool.query({ ...NEWEST, values: [team] });
  return Response.json({ success: true, data: rows });
}
