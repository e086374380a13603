import { pick, pickWeighted, type Random } from "../../scripts/seed/random.ts";
import { type Answer, type Ask, bearer } from "./ask.ts";
import { some } from "./changes.ts";
import { endOf, judge, type Verdict, type Wish } from "./rules.ts";
import { ADDRESSES, API_SCOPES, ASKING, IDLE_SCOPES, type ModelKey, RESOURCES, type World } from "./world.ts";

/** One value of an answer, and what it must be according to the model in a given world and instant. */
export interface Claim {
  actual: unknown;
  expected(world: World, at: number): unknown;
}

export interface Question {
  ask: Ask;
  claims(answer: Answer): Claim[];
}

/** The caller and the key of a request; the caller matters only to endpoints about other keys. */
interface Subject {
  key: ModelKey;
  caller: ModelKey;
}

/** A random request about a key, to a random endpoint. */
export function drawQuestion(random: Random, subject: Subject): Question {
  const draw = pickWeighted(random, [
    [2, me],
    [3, forwardAuth],
    [4, verify],
    [1, verifyMany],
    [3, introspect],
  ]);
  return draw(random, subject);
}

const from = (ip: string) => ({ "x-forwarded-for": ip });
const now = (world: World, { id }: ModelKey) => world.keys.get(id);

function me(random: Random, { key }: Subject): Question {
  const ip = pick(random, ADDRESSES);
  const expected = (world: World, at: number) => {
    const verdict = judge(world, now(world, key), { ip }, at);
    return verdict.code === "valid" ? { status: 200, ...described(world, key, verdict) } : refusal(verdict);
  };
  return {
    ask: { method: "GET", path: "/api/v1/me", headers: { ...bearer(key.token), ...from(ip) } },
    claims: (answer) => [
      { actual: answer.status === 200 ? { status: 200, ...told(bodyOf(answer).data) } : refused(answer), expected },
    ],
  };
}

function forwardAuth(random: Random, { key }: Subject): Question {
  const ip = pick(random, ADDRESSES);
  const resource = random() < 0.3 ? pick(random, RESOURCES) : undefined;
  const headers: Record<string, string> = { ...bearer(key.token), ...from(ip) };
  const query = new URLSearchParams(resource === undefined ? {} : { resource });
  let scopes: string[] = [];
  if (random() < 0.5) {
    scopes = some(random, [...API_SCOPES, ...IDLE_SCOPES], 0.15);
    if (scopes.length > 0) query.set("scope", scopes.join(" "));
  } else {
    const [read, write] = [pick(random, API_SCOPES), pick(random, API_SCOPES)];
    query.set("read", read);
    query.set("write", write);
    const method = pick(random, ["GET", "HEAD", "POST", "DELETE", undefined]);
    if (method) headers[pick(random, ["x-forwarded-method", "x-original-method"])] = method;
    scopes = [method === "GET" || method === "HEAD" ? read : write];
  }
  const expected = (world: World, at: number) => {
    const known = now(world, key);
    const verdict = judge(world, known, { ip, scopes, resource }, at);
    if (verdict.code !== "valid") return refusal(verdict);
    return {
      status: 200,
      key: key.id,
      scopes: verdict.scopes.join(" "),
      resource: known?.resource ?? "",
      role: roleName(world, key),
    };
  };
  const allowed = ({ headers }: Answer) => ({
    status: 200,
    key: headers["x-latchkey-key-id"],
    scopes: headers["x-latchkey-scopes"],
    resource: headers["x-latchkey-resource"],
    role: headers["x-latchkey-role"],
  });
  return {
    ask: { method: "GET", path: `/api/v1/forward-auth?${query}`, headers },
    claims: (answer) => [{ actual: answer.status === 200 ? allowed(answer) : refused(answer), expected }],
  };
}

function verify(random: Random, { key, caller }: Subject): Question {
  const wish = drawWish(random);
  const { ask, claims } = asking(random, caller, "/api/v1/verify", { token: key.token, ...jsonOf(wish) });
  return {
    ask,
    claims: (answer) => [
      ...claims(answer),
      ...(answer.status === 200 ? [verified(bodyOf(answer).data, key, caller, wish)] : []),
    ],
  };
}

function verifyMany(random: Random, { key, caller }: Subject): Question {
  const keys = [key, caller, key];
  const wish = drawWish(random);
  const { ask, claims } = asking(random, caller, "/api/v1/verify", {
    tokens: keys.map(({ token }) => token),
    ...jsonOf(wish),
  });
  return {
    ask,
    claims: (answer) => {
      const list = answer.status === 200 ? (bodyOf(answer).data as object[]) : [];
      return [...claims(answer), ...list.map((entry, place) => verified(entry, keys[place] as ModelKey, caller, wish))];
    },
  };
}

function introspect(random: Random, { key, caller }: Subject): Question {
  const ip = random() < 0.7 ? pick(random, ADDRESSES) : null;
  const form = new URLSearchParams({ token: key.token, ...(ip && { ip }) });
  const { ask, claims } = asking(random, caller, "/api/v1/introspect", form);
  const expected = (world: World, at: number) => {
    const known = now(world, key);
    const verdict = judge(world, known, { ip }, at);
    if (verdict.code !== "valid" || known?.teamId !== caller.teamId) return { active: false };
    const end = endOf(world, known);
    const exp = end === null ? undefined : Math.floor(end / 1_000);
    return { active: true, scope: verdict.scopes.join(" "), jti: key.id, resource: known.resource ?? undefined, exp };
  };
  const introspected = (body: Body) =>
    body.active ? { active: true, scope: body.scope, jti: body.jti, resource: body.resource, exp: body.exp } : body;
  return {
    ask,
    claims: (answer) => [
      ...claims(answer),
      ...(answer.status === 200 ? [{ actual: introspected(bodyOf(answer)), expected }] : []),
    ],
  };
}

/** Common to the two endpoints about other keys: the caller must be allowed to ask. */
function asking(random: Random, caller: ModelKey, path: string, content: object | URLSearchParams): Question {
  const ip = pick(random, ADDRESSES);
  const isBasic = random() < 0.3;
  const basic = `Basic ${Buffer.from(`${caller.id}:${caller.token}`).toString("base64")}`;
  const isForm = content instanceof URLSearchParams;
  const headers = {
    ...(isBasic ? { authorization: basic } : bearer(caller.token)),
    ...from(ip),
    "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
  };
  const expected = (world: World, at: number) => {
    const verdict = judge(world, now(world, caller), { ip, scopes: [ASKING] }, at);
    if (verdict.code === "valid") return "may ask";
    const told = refusal(verdict);
    return isBasic && told.status === 401 ? { status: 401, code: "invalid_client" } : told;
  };
  const body = isForm ? content.toString() : JSON.stringify(content);
  return {
    ask: { method: "POST", path, headers, body },
    claims: (answer) => [{ actual: answer.status === 200 ? "may ask" : refused(answer), expected }],
  };
}

function drawWish(random: Random): Wish {
  return {
    scopes: random() < 0.6 ? some(random, [...API_SCOPES, ...IDLE_SCOPES], 0.15) : undefined,
    resource: random() < 0.3 ? pick(random, RESOURCES) : undefined,
    method: random() < 0.3 ? pick(random, ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"]) : undefined,
    ip: random() < 0.7 ? pick(random, ADDRESSES) : null,
  };
}

const jsonOf = ({ ip, ...rest }: Wish) => ({ ...rest, ...(ip !== null && { ip }) });

function verified(entry: Body, key: ModelKey, caller: ModelKey, wish: Wish): Claim {
  return {
    actual: {
      valid: entry.valid,
      code: entry.code,
      missing: entry.missing_scopes,
      ...(entry.key ? told(entry) : null),
    },
    expected: (world, at) => {
      const known = now(world, key);
      const isOurs = known?.teamId === caller.teamId;
      const { code, missing, ...verdict } = judge(world, isOurs ? known : undefined, wish, at);
      const description = isOurs ? described(world, key, verdict) : null;
      return { valid: code === "valid", code, missing: missing ?? undefined, ...description };
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the answers of the service under test, as they come.
type Body = any;
const bodyOf = (answer: Answer): Body => JSON.parse(answer.body);

/** The description of a key in `me` and `verify`, according to the model. */
function described(world: World, { id }: ModelKey, { scopes }: Pick<Verdict, "scopes">) {
  const key = world.keys.get(id) as ModelKey;
  const end = endOf(world, key);
  return {
    id,
    held: key.scopes,
    resource: key.resource,
    allowedIps: key.allowedIps,
    expiresAt: end === null ? null : new Date(end).toISOString(),
    role: roleName(world, key),
    scopes,
  };
}

/** The same, read from an answer. */
function told({ key, member, scopes, expires_at }: Body) {
  const { id, resource, allowed_ips } = key;
  return {
    id,
    held: key.scopes,
    resource,
    allowedIps: allowed_ips,
    expiresAt: expires_at,
    role: member?.role ?? "",
    scopes,
  };
}

function roleName(world: World, { memberId }: ModelKey): string {
  const member = memberId === null ? undefined : world.members.get(memberId);
  return (member && world.roles.get(member.roleId)?.name) ?? "";
}

const REASONS = {
  revoked: "was revoked",
  expired: "has expired",
  owner_inactive: "no longer active",
  not_found: "not valid",
};

/** The Bearer response of a verdict. */
function refusal({ code, missing }: Verdict) {
  if (code in REASONS) return { status: 401, code: "invalid_token", reason: code };
  return { status: 403, code, scope: missing && missing.length > 0 ? missing.join(" ") : undefined };
}

function refused(answer: Answer) {
  const { status } = answer;
  const { code, detail } = bodyOf(answer);
  if (code === "invalid_token")
    return { status, code, reason: Object.entries(REASONS).find(([, text]) => detail.includes(text))?.[0] };
  if (status === 401) return { status, code };
  return { status, code, scope: /scope="([^"]*)"/.exec(String(answer.headers["www-authenticate"]))?.[1] };
}
