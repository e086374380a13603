import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { step } from "../../../scripts/step.ts";
import { ME, presentAtMe } from "../contenders/contenders.ts";
import { startSecondVerifier, startVerifier } from "../contenders/verifier.ts";
import { keepLoading } from "../load/keep-loading.ts";
import { type Present, presenter } from "../load/present.ts";
import type { Options } from "../options.ts";
import { readTokens } from "../seed/token-files.ts";
import type { Site } from "../site.ts";
import { CONNECTIONS } from "./measure-all.ts";

export type Revocation = {
  /** From the response to the revocation to the first response that denies the token. */
  refusedAfterMs: number;
  /** Requests sent after that response and still accepted. */
  wrongAnswers: number;
  /** Response time just before: the load's share of the delay. */
  usualAnswerMs: number;
};

export type RevocationsTable = { revocations: Revocation[]; requestsPerSecond: number; wrongUnderLoad: number };

/** Concurrent requests with the same token: a late request must not share an early one's lookup. */
const CROWD = 3;
const LONGEST_PAUSE_MS = 20;
const LEAD_MS = 1_000;
const MAX_ATTEMPTS = 1_000;

/**
 * The fourth table: with two verifiers under load, revokes one key after another in the database and immediately
 * presents each to the second verifier.
 */
export async function measureRevocations(options: Options, site: Site): Promise<RevocationsTable> {
  const first = await startVerifier(site);
  const second = await startSecondVerifier(site);
  const client = new pg.Client({ connectionString: site.database.url });
  await client.connect();
  const load = keepLoading([first, second], presentAtMe(site), CONNECTIONS / 2, site.stop);
  const { present, close } = presenter(second.origin + ME);
  try {
    const tokens = readTokens(site.database.tokens.toRevoke).slice(0, options.revocations);
    const revocations = await step("Revocations timed", () => revokeEach(tokens, present, client, site.stop));
    const { requestsPerSecond, wrong } = await load.end();
    return { revocations, requestsPerSecond, wrongUnderLoad: wrong };
  } finally {
    close();
    await client.end();
    await load.end().catch(() => {});
  }
}

async function revokeEach(
  tokens: string[],
  present: Present,
  client: pg.Client,
  stop: AbortSignal,
): Promise<Revocation[]> {
  await delay(LEAD_MS, undefined, { signal: stop });
  const revocations: Revocation[] = [];
  for (const token of tokens) {
    // Random, so that requests meet a batch of lookups at every stage.
    await delay(Math.random() * LONGEST_PAUSE_MS, undefined, { signal: stop });
    revocations.push(await revokeAndPresent(token, present, client));
  }
  return revocations;
}

async function revokeAndPresent(token: string, present: Present, client: pg.Client): Promise<Revocation> {
  const begun = performance.now();
  const status = await present(token);
  if (status !== 200) throw new Error(`A good token was answered with ${status}.`);
  const usualAnswerMs = performance.now() - begun;

  let isRevoked = false;
  const presentUntilRevoked = async () => {
    while (!isRevoked) await present(token);
  };
  const crowd = Promise.all(Array.from({ length: CROWD }, presentUntilRevoked));
  crowd.catch(() => {});
  await revoke(token, client);
  const revokedAt = performance.now();
  isRevoked = true;
  const wrongAnswers = await presentUntilRefused(token, present);
  const refusedAfterMs = performance.now() - revokedAt;
  await crowd;
  return { refusedAfterMs, wrongAnswers, usualAnswerMs };
}

/** Counts responses that still accept the token. A 503 decides nothing and is retried. */
async function presentUntilRefused(token: string, present: Present): Promise<number> {
  let wrongAnswers = 0;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const status = await present(token);
    if (status === 401) return wrongAnswers;
    if (status === 200) wrongAnswers++;
  }
  throw new Error(`A revoked token was not refused in ${MAX_ATTEMPTS} attempts.`);
}

/** Committed when it returns. */
async function revoke(token: string, client: pg.Client): Promise<void> {
  const tokenHash = createHash("sha256").update(token).digest();
  const { rowCount } = await client.query(
    "update api_keys set revoked_at = now() where token_hash = $1 and revoked_at is null",
    [tokenHash],
  );
  if (rowCount !== 1) throw new Error("There was no live key to revoke.");
}
