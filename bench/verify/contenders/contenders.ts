import { askingAbout, type LoadRequest, presenting, TOKEN } from "../load/load-request.ts";
import { readTokens } from "../seed/token-files.ts";
import type { Site, StartServer } from "../site.ts";
import { betterAuthKeys, startBetterAuth } from "./better-auth.ts";
import { BARE_ROUTE, OURS_ROUTE, startConsole, startNext } from "./console.ts";
import { startBareHttp, startOneQuery, startPrisma } from "./own-servers.ts";
import { startVerifier } from "./verifier.ts";

/** One row of the first table. */
export type Contender = {
  label: string;
  /** For readers of the table: which server responds, and what it does per request. */
  about: string;
  start: StartServer;
  /** Called once the server runs. */
  request: (site: Site) => LoadRequest;
};

export const BARE = "bare `node:http`";
export const BETTER_AUTH = "better-auth `verifyApiKey`";

export const ME = "/api/v1/me";
const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";

/** A request with any valid token. */
const get = (path: string) => (site: Site) => presenting(path, site.database.tokens.all);

export const presentAtMe = get(ME);

const LIMITS: Contender[] = [
  {
    label: BARE,
    about: "Answers every request with one constant: the limit for anything that speaks HTTP in one Node process.",
    start: startBareHttp,
    request: get("/"),
  },
  {
    label: "bare Next route handler",
    about: "The same constant from `app/…/route.ts` of a production build under `next start`.",
    start: startNext,
    request: get(BARE_ROUTE),
  },
];

export const OURS: readonly Contender[] = [
  {
    label: "ours in a Next route handler",
    about: "Our verification called as a library in a route handler of that build: as an application would embed it.",
    start: startNext,
    request: get(OURS_ROUTE),
  },
  {
    label: "verifier, `GET /me`",
    about: "`npm run verifier`. Decides over the key, its member and their role, and answers with all of them.",
    start: startVerifier,
    request: presentAtMe,
  },
  {
    label: "verifier, `GET /forward-auth`",
    about: "For a gateway: asks for the scope `events.read`, answers in headers.",
    start: startVerifier,
    request: ({ database }) => presenting("/api/v1/forward-auth?scope=events.read", database.tokens.eventsRead),
  },
  {
    label: "verifier, `POST /introspect`",
    about: "RFC 7662. Decides twice: about the caller's token and about the one in the form.",
    start: startVerifier,
    request: asking("/api/v1/introspect", { type: FORM, text: `token=${TOKEN}` }, '"active":true'),
  },
  {
    label: "verifier, `POST /verify`",
    about: "The same with JSON, and every code a token can have.",
    start: startVerifier,
    request: asking("/api/v1/verify", { type: JSON_TYPE, text: `{"token":"${TOKEN}"}` }, '"valid":true'),
  },
  {
    label: "verifier, garbage at `GET /me`",
    about: "Tokens with a wrong checksum: denied without a database read, with 429 after too many from one IP address.",
    start: startVerifier,
    request: ({ database }) => ({ ...presenting(ME, database.tokens.garbage), isRefused: true }),
  },
  {
    label: "console's own port, `GET /me`",
    about:
      "The same endpoint in the process that also serves the pages, behind its access log. Its memory includes the verifier that it starts.",
    start: startConsole,
    request: presentAtMe,
  },
];

const OTHERS: Contender[] = [
  {
    label: "`pg`, one query a request",
    about: "A prepared statement that joins key, team, member, user and role; a pool of 10. Records nothing.",
    start: startOneQuery,
    request: get("/"),
  },
  {
    label: "Prisma `findUnique`",
    about:
      "The key by its token hash with member and role included, over its `pg` adapter; a pool of 10. Records nothing.",
    start: startPrisma,
    request: get("/"),
  },
  {
    label: BETTER_AUTH,
    about:
      "Its api-key plugin, rate limit off, on a database of its own with as many keys; it records each use itself.",
    start: startBetterAuth,
    request: (site) => presenting("/", betterAuthKeys(site)),
  },
];

/** The rows of the first table, in order. */
export const CONTENDERS: readonly Contender[] = [...LIMITS, ...OURS, ...OTHERS];

function asking(path: string, body: NonNullable<LoadRequest["body"]>, answerContains: string) {
  return ({ database: { tokens } }: Site): LoadRequest => {
    const [callerToken = ""] = readTokens(tokens.caller);
    return { ...askingAbout(path, callerToken, body, tokens.all), answerContains };
  };
}
