import { createHash, randomBytes } from "node:crypto";
import type pg from "pg";
import { expect } from "../fixtures";
import { leaksIn, type Send } from "./canary";
import type { Ids } from "./own-console";
import { actionIds } from "./to-actions";

const PERSON = { name: "Grace", email: "grace@example.com", password: "plenty of words to type" };

/** Sends the token to the join form of a valid link; with an invalid one, nothing is read. */
export async function sendToInvitations(client: pg.Client, send: Send, ids: Ids, token: string): Promise<void> {
  const code = randomBytes(32).toString("base64url");
  await client.query(
    `insert into invitations (id, team_id, role_id, code_hash, invited_by_id, expires_at)
     select gen_random_uuid(), team_id, $1, $2, id, now() + interval '1 day' from members where id = $3`,
    [ids.role, createHash("sha256").update(code).digest(), ids.member],
  );
  const headers = {
    "next-action": actionIds().acceptWithNewAccountAction ?? "",
    accept: "text/x-component",
    "content-type": "text/plain",
  };
  // The password may be a token: only its hash is stored.
  const { password, ...shown } = PERSON;
  const leaks = (leaksIn(shown, token) as object[]).map((leak) => ({ ...leak, password }));
  for (const person of [...leaks, { ...PERSON, password: token }]) {
    const path = `/invite?code=${code}`;
    await send(path, { method: "POST", headers, body: JSON.stringify([code, person]) });
  }
  const { rows } = await client.query("select name from users where email = $1", [PERSON.email]);
  expect(rows).toEqual([{ name: PERSON.name }]);
}
