import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { createScratchDatabase, type ScratchDatabase } from "@/lib/testing/scratch-database";
import { type LaunchedConsole, launchConsole } from "@/scripts/launched-console";
import { expect, test } from "./fixtures";

const ADMIN = { email: "admin@example.com", password: "correct horse battery" };
const BUILD_DIR = process.env.LATCHKEY_BUILD_DIR || ".test/build";

/** No more of a token than its start may be anywhere: this much of what follows is enough to find it by. */
const secretPartOf = (token: string) => token.slice(token.lastIndexOf("_") + 5).slice(0, 24);

type Call = { method?: string; headers?: Record<string, string>; body?: string | URLSearchParams };
type Send = (path: string, init?: Call) => Promise<Response>;
type Ids = { team: string; key: string; role: string; member: string; invitation: string; session: string };

/** Every value with one of its texts replaced by the token, one after the other; and with a field too many. */
function leaksIn(value: unknown, token: string): unknown[] {
  if (typeof value === "string") return [token, `${value} ${token}`];
  if (Array.isArray(value))
    return value.flatMap((item, at) => leaksIn(item, token).map((leak) => value.with(at, leak)));
  if (typeof value !== "object" || value === null) return [token];
  const inFields = Object.entries(value).flatMap(([name, field]) =>
    // Cut to what fits the shortest of names, which would refuse the whole of it for its length alone.
    [...leaksIn(field, token), ...(name === "name" ? [token.slice(0, 40)] : [])].map((leak) => ({
      ...value,
      [name]: leak,
    })),
  );
  return [...inFields, { ...value, [token]: token }];
}

/** What each server action is called with, after the team. Those that end something come last. */
function actionArguments({ team, key, role, member, invitation, session }: Ids): Record<string, unknown[]> {
  const expiry = { in: "90d" };
  const narrowing = { resource: { type: "event", id: member }, allowedIps: ["192.0.2.1"] };
  const create = { kind: "personal", name: "Name", scopes: ["events.read"], expiry, ...narrowing };
  const policy = {
    defaultLifetime: "90d",
    maxLifetimeDays: null,
    mayNeverExpire: true,
    requiresIps: false,
    maxActiveKeys: 1000,
    defaultOverlap: "24h",
    memberScopes: ["events.read"],
  };
  return {
    createApiKeyAction: [team, create],
    renameApiKeyAction: [team, { id: key, name: "Name" }],
    changeExpiryAction: [team, { id: key, expiry: { at: "2090-01-01T00:00:00Z" } }],
    narrowApiKeyAction: [team, { id: key, ...narrowing }],
    changeResponsibleAction: [team, { id: key, responsibleMemberId: member }],
    listResponsiblesAction: [team],
    rotateApiKeyAction: [team, { id: key, scopes: ["events.read"], overlap: "24h", expiry }],
    renewApiKeyAction: [team, { id: key, expiry, allowedIps: ["192.0.2.1"] }],
    endOverlapAction: [team, { id: key }],
    readLastUseAction: [team, { id: key }],
    readCutOverAction: [team, { id: key }],
    explainStopAction: [team, { text: "Name" }],
    previewRevocationAction: [team, { ids: [key] }],
    previewPolicyAction: [team, policy],
    savePolicyAction: [team, { ...policy, seen: null }],
    inviteMemberAction: [team, { email: "new@example.com", roleId: role }],
    renewInvitationAction: [team, { id: invitation }],
    withdrawInvitationAction: [team, { id: invitation }],
    changeMemberRoleAction: [team, { id: member, roleId: role }],
    previewMemberRoleAction: [team, { id: member, roleId: role }],
    confirmAddressAction: [team, { id: member, email: ADMIN.email }],
    listLeavingKeysAction: [team, { id: member }],
    removeMemberAction: [
      team,
      { id: member, listed: [key], keys: [{ id: key, fate: "revoke" }], acceptsKnownTokens: true },
    ],
    createRoleAction: [team, { name: "Name", copyOf: role }],
    renameRoleAction: [team, { roleId: role, name: "Name" }],
    previewRoleChangeAction: [team, { roleId: role, permissions: ["events.read"] }],
    changeRoleAction: [team, { roleId: role, permissions: ["events.read"], before: ["events.read"] }],
    changeNameAction: [{ name: "Name" }],
    changePasswordAction: [{ current: "a wrong password", password: "another password" }],
    makeSessionTokenAction: [],
    mailConfirmationAction: [],
    confirmByMailAction: [{ code: "code" }],
    setUpAction: ["code", { email: ADMIN.email, password: "a password", teamName: "Name" }],
    acceptInvitationAction: ["code"],
    acceptWithNewAccountAction: ["code", { name: "Name", email: "new@example.com", password: "a password" }],
    disableMemberAction: [team, { id: member }],
    enableMemberAction: [team, { id: member }],
    deleteRoleAction: [team, { roleId: role }],
    revokeApiKeyAction: [team, { id: key }],
    revokeManyAction: [team, { ids: [key] }],
    signOutOfAction: [{ id: session }],
    signOutElsewhereAction: [],
    signOutEverywhereAction: [],
    signOutAction: [],
  };
}

/** The server actions of this build, by name. */
function actionIds(): Record<string, string> {
  const path = join(BUILD_DIR, "console/server/server-reference-manifest.json");
  const { node } = JSON.parse(readFileSync(path, "utf8")) as { node: Record<string, { exportedName: string }> };
  return Object.fromEntries(Object.entries(node).map(([id, { exportedName }]) => [exportedName, id]));
}

/** Every header that anything of ours reads, and some that nothing should. */
const headersWith = (token: string): Record<string, string> => ({
  "user-agent": `curl/8 ${token}`,
  "x-request-id": token.slice(0, 64),
  "x-forwarded-for": token,
  "x-forwarded-method": token,
  "x-original-method": token,
  "x-forwarded-uri": `/${token}`,
  forwarded: `for=${token}`,
  "accept-language": token,
  referer: `http://localhost/${token}`,
  "next-url": `/${token}`,
  "x-anything": token,
});

/** A console of its own with a signed-in admin, who sends the token along in every header. */
async function start({ url, ownerUrl }: ScratchDatabase) {
  const console = await launchConsole({
    env: {
      AUTH_SECRET: "a-secret-of-the-console-of-this-test",
      LOG_LEVEL: "debug",
      DATABASE_URL: url,
      MIGRATE_DATABASE_URL: ownerUrl,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      ADMIN_TEAM: "Acme",
      TRUSTED_PROXIES: "127.0.0.0/8,::1",
    },
  });
  await console.ready();
  return console;
}

/** Returns the cookies of the new session. With those of an earlier one the browser is known, and let in whatever others have tried. */
async function signIn({ url }: LaunchedConsole, userAgent: string, earlier = ""): Promise<string> {
  const cookieOf = (response: Response) => response.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
  const csrf = await fetch(`${url}/api/auth/csrf`);
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const known = /latchkey\.browser=[^;]*/.exec(earlier)?.[0] ?? "";
  const signedIn = await fetch(`${url}/api/auth/callback/credentials`, {
    method: "POST",
    headers: { cookie: [...cookieOf(csrf), known].join("; "), "user-agent": userAgent, origin: url },
    body: new URLSearchParams({ ...ADMIN, csrfToken, json: "true" }),
    redirect: "manual",
  });
  return [...cookieOf(csrf), ...cookieOf(signedIn)].join("; ");
}

const asJson = { "content-type": "application/json" };

test("a token sent in any field, form or header but its own is nowhere: not in the database, a log or an export", async () => {
  test.setTimeout(180_000);
  const database = await createScratchDatabase({ isMigrated: false });
  const console = await start(database);
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
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
    const secret = secretPartOf(token);
    const leaking = headersWith(token);

    const cookie = await signIn(console, `a browser ${token}`);
    const send: Send = (path, init) =>
      admin(path, { ...init, headers: { ...leaking, cookie: `${cookie}; x=${token}`, ...init?.headers } });
    const [ids] = (
      await client.query<Ids>(
        `select teams.slug as team, $1 as key, roles.id as role, members.id as member, gen_random_uuid() as invitation,
           gen_random_uuid() as session
         from teams, members, roles where roles.team_id = teams.id and roles.name = 'Developer'`,
        [key],
      )
    ).rows as [Ids];

    await sendToVerification(console, token, caller.token, leaking);
    await sendToRest(send, key, token);
    await sendToPages(send, ids, token);
    await sendToSignIn(console, token, leaking);
    await sendToActions(send, ids, token);

    const again = await signIn(console, "a browser", first);
    for (const path of [
      `/${ids.team}/settings/audit-log/export?format=csv`,
      `/${ids.team}/settings/audit-log/export?format=jsonl`,
      `/${ids.team}/settings/api-keys/export?format=csv`,
      `/${ids.team}/settings/api-keys/export?format=json`,
      `/${ids.team}/settings/api-keys/export?kind=team&format=csv`,
    ]) {
      const response = await admin(path, { headers: { cookie: again } });
      expect(response.status, path).toBe(200);
      expect(await response.text(), path).not.toContain(secret);
    }

    await sendAsViewer(client, send, ids, token, again);
    console.signal("SIGTERM");
    expect(await console.exited).toBe(0);
    expect(console.output()).not.toContain(secret);
    expect(await tablesWith(client, secret)).toEqual([]);
    // It did come everywhere: what is kept of it is its start.
    const start = token.slice(0, token.lastIndexOf("_") + 5);
    expect(await tablesWith(client, `a browser ${start}`)).toContain("sessions");
    expect(await tablesWith(client, `curl/8 ${start}`)).toEqual(
      expect.arrayContaining(["api_key_refusals", "api_key_usage", "audit_entries"]),
    );
  } finally {
    if ((await Promise.race([console.exited, "running"])) === "running") console.signal("SIGKILL", "group");
    await client.end();
    await database.drop();
  }
});

async function sendToVerification(
  { url, verifierUrl }: LaunchedConsole,
  token: string,
  callerToken: string,
  leaking: Record<string, string>,
): Promise<void> {
  const good = { authorization: `Bearer ${token}` };
  const calling = { authorization: `Bearer ${callerToken}` };
  const body = { token, scopes: ["events.read"], resource: "event:1", ip: "192.0.2.1", method: "GET" };
  for (const origin of [url, verifierUrl]) {
    const send: Send = (path, init) =>
      fetch(`${origin}${path}`, { ...init, headers: { ...leaking, ...init?.headers } });
    for (const headers of [good, calling, { authorization: token }, { authorization: `Basic ${token}` }]) {
      const query = ["scope", "read", "write", "team", "resource", "preflight", "token", "access_token", token].map(
        (name) => `${name}=${token}`,
      );
      for (const one of ["", "scope=messages.write", ...query]) {
        await send(`/api/v1/forward-auth?${one}`, { headers });
        await send(`/api/v1/me?${one}`, { headers });
      }
      for (const leak of [body, ...leaksIn(body, token), { tokens: [token, token] }]) {
        await send("/api/v1/verify", {
          method: "POST",
          headers: { ...headers, ...asJson },
          body: JSON.stringify(leak),
        });
      }
      const forms: Record<string, string>[] = [{ token }, { token, token_type_hint: token }, { [token]: token }];
      for (const form of forms) {
        await send("/api/v1/introspect", { method: "POST", headers, body: new URLSearchParams(form) });
      }
    }
    for (const path of [`/api/v1/${token}`, "/api/metrics", "/api/health/ready"]) await send(`${path}?${token}`);
  }
}

async function sendToRest(send: Send, key: string, token: string): Promise<void> {
  const narrowing = { resource: { type: "event", id: key }, allowed_ips: ["192.0.2.1"] };
  const create = { name: "Name", kind: "personal", scopes: ["events.read"], expires_in: "90d", ...narrowing };
  const calls: [method: string, path: string, body: unknown][] = [
    ["POST", "/api/v1/api-keys", create],
    ["PATCH", `/api/v1/api-keys/${key}`, { name: "Name", expires_at: "2090-01-01T00:00:00Z", ...narrowing }],
    ["POST", `/api/v1/api-keys/${key}/rotate`, { overlap: "24h", expires_in: "90d" }],
    ["POST", "/api/v1/organizer/events", { name: "Name", starts_at: "2090-01-01T00:00:00Z" }],
  ];
  for (const [method, path, body] of calls) {
    for (const [place, leak] of [body, ...leaksIn(body, token)].entries()) {
      const headers = { ...asJson, "idempotency-key": place === 0 ? token : `${token}-${place}` };
      await send(path, { method, headers, body: JSON.stringify(leak) });
      await send(path, {
        method,
        headers: { ...headers, cookie: "", authorization: `Bearer ${token}` },
        body: JSON.stringify(leak),
      });
    }
  }
  for (const name of ["q", "status", "owner", "cursor", "limit", token])
    await send(`/api/v1/api-keys?${name}=${token}`);
  await send("/api/v1/api-keys", { headers: { "x-team": token } });
  await send(`/api/v1/api-keys/${token}`, { method: "DELETE" });
  await send("/api/v1/session-token", { method: "POST" });
}

async function sendToPages(send: Send, { team }: Ids, token: string): Promise<void> {
  const screens = [
    "",
    "/settings",
    ...["api-keys", "roles", "members", "policies", "audit-log", "quick-start"].map((name) => `/settings/${name}`),
  ];
  const below = [
    "/settings/api-keys/review",
    "/settings/api-keys/why",
    "/settings/audit-log/export",
    "/settings/api-keys/export",
  ];
  const query = [
    "q",
    "key",
    "hash",
    "status",
    "owner",
    "scope",
    "cursor",
    "from",
    "to",
    "actor",
    "action",
    "format",
    token,
  ]
    .map((name) => `${name}=${token}`)
    .join("&");
  for (const path of [...screens, ...below]) await send(`/${team}${path}?${query}`);
  for (const path of [
    `/${token}`,
    `/${team}/settings/api-keys/${token}`,
    `/${team}/settings/roles/${token}`,
    `/${team}/${token}`,
  ]) {
    await send(path);
    await send(path, { headers: { cookie: "" } });
  }
  for (const path of ["/sign-in?callbackUrl=/", "/setup?code=", "/invite?code="]) await send(`${path}${token}`);
}

/** Everything that somebody may not see or do is counted and written down as well. Last, because counts are soon written off. */
async function sendAsViewer(client: pg.Client, send: Send, ids: Ids, token: string, cookie: string): Promise<void> {
  await client.query("update members set role_id = (select id from roles where name = 'Viewer')");
  const sendNow: Send = (path, init) => send(path, { ...init, headers: { cookie, ...init?.headers } });
  await sendToPages(sendNow, ids, token);
  await sendToPages(sendNow, ids, token);
  const { rows } = await client.query("select from refusal_counts where reason like 'Opening %roles/lk_pat_%'");
  expect(rows).toHaveLength(1);
}

async function sendToSignIn({ url }: LaunchedConsole, token: string, leaking: Record<string, string>): Promise<void> {
  const csrf = await fetch(`${url}/api/auth/csrf`);
  const cookie = csrf.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const form = { email: ADMIN.email, password: token, csrfToken, callbackUrl: "/", json: "true" };
  for (const leak of [form, ...leaksIn(form, token)] as Record<string, string>[]) {
    await fetch(`${url}/api/auth/callback/credentials`, {
      method: "POST",
      headers: { ...leaking, cookie: `${cookie}; latchkey.callback=${token}; latchkey.session=${token}`, origin: url },
      body: new URLSearchParams(leak),
      redirect: "manual",
    });
  }
  for (const path of [`_log?message=${token}`, `error?error=${token}`, `signin?callbackUrl=${token}`, token]) {
    for (const method of ["GET", "POST"])
      await fetch(`${url}/api/auth/${path}`, { method, headers: { ...leaking, cookie } });
  }
}

async function sendToActions(send: Send, ids: Ids, token: string): Promise<void> {
  const known = actionIds();
  const calls = actionArguments(ids);
  // An action that is added must be added here, too.
  expect(Object.keys(calls).sort()).toEqual(Object.keys(known).sort());
  for (const [name, args] of Object.entries(calls)) {
    for (const sent of [...leaksIn(args, token), args]) {
      const headers = { "next-action": known[name] ?? "", accept: "text/x-component", "content-type": "text/plain" };
      await send(`/${ids.team}/settings/api-keys`, { method: "POST", headers, body: JSON.stringify(sent) });
    }
  }
}

/** The tables of the database that hold a text anywhere. */
async function tablesWith(client: pg.Client, text: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1",
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await client.query(`select from ${name} as t where position($1 in t::text) > 0 limit 1`, [
      text,
    ]);
    if (rowCount) found.push(name);
  }
  return found;
}
