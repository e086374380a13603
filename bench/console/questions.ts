import { BARE_LIST_PATH, BARE_PATH } from "../copy-console.ts";
import type { BenchTeam } from "../seed-teams.ts";
import { openSession } from "../sign-in.ts";
import type { Question } from "./answer-time.ts";

/** The same request for a team with few keys and for one with many. */
export type Pair = { label: string; few: Question; many: Question };

/** All requests that are measured. */
export type Questions = {
  bare: Question;
  /** The API keys page. */
  keys: Pair;
  pages: Pair[];
  /** Searches, filters and sort orders of the list of all keys. */
  lists: Pair[];
  bareList: Question;
  rest: Question[];
};

const KEYS = "settings/api-keys";

const PAGES: [label: string, path: (team: BenchTeam) => string][] = [
  ["Settings", () => "settings"],
  ["API keys: Team keys", () => `${KEYS}?kind=team`],
  ["API keys: All keys", () => `${KEYS}?kind=all`],
  ["a key's own page", ({ keyId }) => `${KEYS}/${keyId}`],
  ["Review", () => `${KEYS}/review`],
  ["Why did it stop?", ({ keyId }) => `${KEYS}/why?key=${keyId}`],
  ["Roles", () => "settings/roles"],
  ["Members", () => "settings/members"],
  ["Policies", () => "settings/policies"],
  ["Audit log", () => "settings/audit-log"],
  ["Quick start", () => "settings/quick-start"],
];

const LISTS: [label: string, query: string][] = [
  ["by name", "sort=name"],
  ["by expiry", "sort=expires"],
  ["by last use", "sort=used"],
  ["oldest first", "sort=created-asc"],
  ["active", "status=active"],
  ["expired, by last use", "status=expired&sort=used"],
  ["revoked, by name", "status=revoked&sort=name"],
  ["one scope", "scope=events.write"],
  ["one scope, active, by last use", "scope=reports.write&status=active&sort=used"],
  ["expiring within 30 days", "expires=30"],
  ["unused for 90 days", "unused=90"],
  ["unused for 90 days, active, by expiry", "unused=90&status=active&sort=expires"],
  ["search: a word", "q=zapier"],
  ["search: a word that is nowhere", "q=nowhere+at+all"],
  ["search: two letters", "q=ci"],
  ["search: two letters that are nowhere", "q=qx"],
  ["search: a prefix", "q=lk_pat_a1"],
  ["search: last four", "q=93f4"],
  ["search: a pasted token", `hash=${"5c".repeat(32)}`],
  ["team keys, active, by name", "type=team&status=active&sort=name"],
];

/** Signs in to both teams and returns the requests. */
export async function questionsFor(origin: string, few: BenchTeam, many: BenchTeam): Promise<Questions> {
  const sessions = new Map([
    [few, await openSession(origin, few)],
    [many, await openSession(origin, many)],
  ]);
  const page = (team: BenchTeam, label: string, path: string): Question => {
    const cookie = sessions.get(team)?.cookies ?? "";
    return { label, url: `${origin}/${team.slug}/${path}`, headers: { cookie, accept: "text/html" } };
  };
  const pair = (label: string, path: (team: BenchTeam) => string): Pair => ({
    label,
    few: page(few, label, path(few)),
    many: page(many, label, path(many)),
  });
  const authorization = `Bearer ${sessions.get(many)?.token}`;
  const rest = (label: string, path: string): Question => ({ label, url: origin + path, headers: { authorization } });
  return {
    bare: { ...page(many, "bare page", ""), url: origin + BARE_PATH },
    keys: pair("API keys: My keys", () => KEYS),
    pages: PAGES.map(([label, path]) => pair(label, path)),
    lists: LISTS.map(([label, query]) => pair(label, () => `${KEYS}?kind=all&${query}`)),
    bareList: rest("bare handler with one query", `${BARE_LIST_PATH}?team=${many.id}`),
    rest: [
      rest("`GET /api-keys?limit=20`", "/api/v1/api-keys?limit=20"),
      rest("`GET /api-keys/{id}`", `/api/v1/api-keys/${many.keyId}`),
    ],
  };
}
