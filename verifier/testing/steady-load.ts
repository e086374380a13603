import { setTimeout as delay } from "node:timers/promises";
import { createRandom, pick, type Random } from "../../scripts/seed/random.ts";
import { type Answer, type Ask, ask, bearer } from "./ask.ts";

/** Keys whose answers never change. */
export interface LoadKeys {
  good: { id: string; token: string };
  revoked: { token: string };
  expired: { token: string };
  asker: { id: string; token: string };
  nobodys: string;
}

interface Case {
  name: string;
  ask: Ask;
  isRight(answer: Answer): boolean;
}

const ASKERS = 6;
const PAUSE_MS = 2;

/** Continuously sends requests with one correct answer to every endpoint; a 503 is allowed. */
export class SteadyLoad {
  right = 0;
  unavailable = 0;
  longestMs = 0;
  wrong: string[] = [];
  private isOver = true;
  private asking: Promise<void>[] = [];
  private readonly cases: Case[];

  constructor(
    private readonly url: string,
    keys: LoadKeys,
  ) {
    this.cases = casesOf(keys);
  }

  /** Starts the load, with counts reset. */
  begin(): void {
    Object.assign(this, { right: 0, unavailable: 0, longestMs: 0, wrong: [], isOver: false });
    this.asking = Array.from({ length: ASKERS }, (_, place) => this.keepAsking(createRandom(place)));
  }

  /** Resolves after the last response. */
  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.asking);
  }

  private async keepAsking(random: Random): Promise<void> {
    for (; !this.isOver; await delay(PAUSE_MS)) {
      const { name, ask: question, isRight } = pick(random, this.cases);
      // Unknown tokens are throttled by address.
      const headers = {
        ...question.headers,
        "x-forwarded-for": `10.${[0, 0, 0].map(() => Math.floor(random() * 256)).join(".")}`,
      };
      const answer = await ask(this.url, { ...question, headers }).catch((error: Error) => error);
      if (answer instanceof Error) this.wrong.push(`${name}: no answer, ${answer.message}`);
      else this.note(name, answer, isRight(answer));
    }
  }

  private note(name: string, answer: Answer, isRight: boolean): void {
    this.longestMs = Math.max(this.longestMs, answer.tookMs);
    if (isRight) this.right++;
    else if (isProperlyUnavailable(answer)) this.unavailable++;
    else this.wrong.push(`${name}: ${answer.status} ${answer.body}`);
  }
}

function isProperlyUnavailable({ status, headers, body }: Answer): boolean {
  return (
    status === 503 &&
    headers["retry-after"] === "1" &&
    headers["www-authenticate"] === undefined &&
    JSON.parse(body).code === "unavailable"
  );
}

function casesOf({ good, revoked, expired, asker, nobodys }: LoadKeys): Case[] {
  const me = (token: string): Ask => ({ method: "GET", path: "/api/v1/me", headers: bearer(token) });
  const forward = (token: string, scope: string): Ask => ({
    method: "GET",
    path: `/api/v1/forward-auth?scope=${scope}`,
    headers: bearer(token),
  });
  const post = (path: string, type: string, body: string): Ask => ({
    method: "POST",
    path,
    headers: { ...bearer(asker.token), "content-type": type },
    body,
  });
  const verify = (content: object) => post("/api/v1/verify", "application/json", JSON.stringify(content));
  const introspect = (token: string) =>
    post("/api/v1/introspect", "application/x-www-form-urlencoded", new URLSearchParams({ token }).toString());
  const isStatus = (status: number, text: string) => (answer: Answer) =>
    answer.status === status && answer.body.includes(text);
  const says = (codes: string[]) => (answer: Answer) => {
    if (answer.status !== 200) return false;
    const { data } = JSON.parse(answer.body);
    return JSON.stringify([data].flat().map(({ code }) => code)) === JSON.stringify(codes);
  };
  return [
    { name: "me, good", ask: me(good.token), isRight: isStatus(200, good.id) },
    { name: "me, revoked", ask: me(revoked.token), isRight: isStatus(401, "was revoked") },
    { name: "me, expired", ask: me(expired.token), isRight: isStatus(401, "has expired") },
    { name: "me, nobody's", ask: me(nobodys), isRight: isStatus(401, "is not valid") },
    {
      name: "forward-auth, good",
      ask: forward(good.token, "events.read"),
      isRight: ({ status, body }) => status === 200 && body === "",
    },
    {
      name: "forward-auth, short",
      ask: forward(good.token, "events.write"),
      isRight: isStatus(403, "insufficient_scope"),
    },
    {
      name: "forward-auth, revoked",
      ask: forward(revoked.token, "events.read"),
      isRight: isStatus(401, "was revoked"),
    },
    { name: "verify, good", ask: verify({ token: good.token, scopes: ["events.read"] }), isRight: says(["valid"]) },
    {
      name: "verify, short",
      ask: verify({ token: good.token, method: "POST" }),
      isRight: says(["insufficient_scope"]),
    },
    {
      name: "verify, several",
      ask: verify({ tokens: [good.token, revoked.token, expired.token, nobodys] }),
      isRight: says(["valid", "revoked", "expired", "not_found"]),
    },
    { name: "introspect, good", ask: introspect(good.token), isRight: isStatus(200, '"active":true') },
    {
      name: "introspect, revoked",
      ask: introspect(revoked.token),
      isRight: ({ status, body }) => status === 200 && body === '{"active":false}',
    },
    {
      name: "introspect, nobody's",
      ask: introspect(nobodys),
      isRight: ({ status, body }) => status === 200 && body === '{"active":false}',
    },
  ];
}
