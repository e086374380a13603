import { tablesContaining } from "@/lib/testing/database-search";
import { expect, test } from "./fixtures";
import { asJson, cookiesWith, headersWith, type Send, secretPartOf, startOf } from "./leaked-token/canary";
import { idsFor, signIn, startOwnConsole } from "./leaked-token/own-console";
import { sendToActions } from "./leaked-token/to-actions";
import { sendToHeaders } from "./leaked-token/to-headers";
import { sendToInvitations } from "./leaked-token/to-invitations";
import { sendAsViewer, sendToPages } from "./leaked-token/to-pages";
import { sendToRest } from "./leaked-token/to-rest";
import { sendToSignIn } from "./leaked-token/to-sign-in";
import { sendToVerification } from "./leaked-token/to-verification";

const EXPORTS = [
  ...["csv", "jsonl"].map((format) => `audit-log/export?format=${format}`),
  ...["csv", "jsonl"].map((format) => `api-keys/export?format=${format}`),
  "api-keys/export?kind=team&format=csv",
];

test("a token sent in any field, form or header but its own is nowhere: not in the database, a log, a mail or an export", async () => {
  test.setTimeout(240_000);
  const { console, client, mailbox, stop } = await startOwnConsole();
  try {
    await console.ready();
    const first = await signIn(console, "a browser");
    const admin: Send = (path, init) =>
      fetch(`${console.url}${path}`, {
        ...init,
        headers: { cookie: first, origin: console.url, ...init?.headers },
        redirect: "manual",
      });
    const make = async (body: object) => {
      const response = await admin("/api/v1/api-keys", { method: "POST", headers: asJson, body: JSON.stringify(body) });
      return ((await response.json()) as { data: { id: string; token: string } }).data;
    };
    const { id: key, token } = await make({ name: "Leaked", scopes: ["events.read", "events.write"] });
    const caller = await make({ kind: "team", name: "Caller", scopes: ["keys.verify"] });
    const [secret, start] = [secretPartOf(token), startOf(token)];
    const ids = await idsFor(client, key);

    const cookie = await signIn(console, `a browser ${token}`);
    const send: Send = (path, init) =>
      admin(path, {
        ...init,
        headers: { ...headersWith(token), cookie: `${cookie}; ${cookiesWith(token)}`, ...init?.headers },
      });
    await sendToVerification(console, token, caller.token);
    await sendToRest(send, key, token);
    await sendToPages(send, ids, token);
    await sendToSignIn(console, token);
    await sendToHeaders(console, { path: `/${ids.team}/settings/api-keys`, cookie: first }, token);
    await sendToInvitations(client, send, ids, token);
    await sendToActions(send, ids, token);

    const again = await signIn(console, "a browser", first);
    for (const path of EXPORTS) {
      const response = await admin(`/${ids.team}/settings/${path}`, { headers: { cookie: again } });
      expect(response.status, path).toBe(200);
      expect(await response.text(), path).not.toContain(secret);
    }

    await sendAsViewer(client, send, ids, token, again);
    console.signal("SIGTERM");
    expect(await console.exited).toBe(0);
    const lines = console.output().split("\n");
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    expect(await tablesContaining(secret, client)).toEqual([]);
    expect(mailbox.received).not.toHaveLength(0);
    expect(JSON.stringify(mailbox.received)).not.toContain(secret);
    const postgresLog = "pg_read_file(current_setting('data_directory') || '/../postgres.log')";
    const { rows } = await client.query(`select position($1 in ${postgresLog}) as place`, [secret]);
    expect(rows).toEqual([{ place: 0 }]);

    // Proves that the token did arrive: its start is stored.
    expect(await tablesContaining(`a browser ${start}`, client)).toContain("sessions");
    expect(await tablesContaining(`curl/8 ${start}`, client)).toEqual(
      expect.arrayContaining(["api_key_refusals", "api_key_usage", "audit_entries"]),
    );
  } finally {
    await stop();
  }
});
