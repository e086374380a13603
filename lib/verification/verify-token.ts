import "server-only";
import { hash } from "node:crypto";
import { isWellFormedToken } from "@/lib/api-keys/token";
import { recordedRefusals } from "@/lib/calls/recorded-refusals";
import { usage } from "@/lib/calls/usage";
import { isDatabaseAway } from "@/lib/database/database-away";
import type { Problem } from "@/lib/http/problem";
import { scopeCatalog } from "@/lib/permissions/catalog";
import { presentedToken } from "@/lib/verification/bearer-token";
import { type Decision, type DecisionRequest, decide } from "@/lib/verification/decide";
import { countFailedAttempt } from "@/lib/verification/failed-attempts";
import { lookUpKey, lookUpKeyFor } from "@/lib/verification/lookup";
import { metrics } from "@/lib/verification/metrics";
import { logFailure, logRefusal, logUnavailable } from "@/lib/verification/refusal-log";
import {
  bearerRefusal,
  failed,
  instanceOf,
  malformedToken,
  noToken,
  tooManyAttempts,
  unavailable,
} from "@/lib/verification/refusals";
import type { VerificationContext } from "@/lib/verification/verification-context";
import type { VerifiedKey } from "@/lib/verification/verified-key";

/** A decision and its key, which is null for an unknown token. */
export type Verification = { decision: Decision; key: VerifiedKey | null };

/** The key of a valid token, and its effective scopes. */
export type Caller = { key: VerifiedKey; scopes: string[] };

/** The question to decide. With `team` (a slug), keys of other teams are unknown. */
export type Question = DecisionRequest & { team?: string };

/**
 * Authenticates a caller by the `Authorization` header and returns what `welcome` makes of it, or a refusal (RFC 6750): 503
 * if the database doesn't respond, 500 if Latchkey itself fails. Never rejects.
 */
export async function bearerCaller<Welcome>(
  authorization: string | null | undefined,
  request: Question,
  context: VerificationContext,
  welcome: (caller: Caller) => Welcome,
): Promise<Welcome | Problem> {
  const presented = presentedToken(authorization);
  if (presented.kind === "none") return noToken(instanceOf(context.requestId));
  if (presented.kind === "malformed") {
    const status = context.endpoint === "forward-auth" ? 401 : 400;
    return malformedToken(instanceOf(context.requestId), status);
  }
  try {
    const caller = callerOrRefusal(decideAbout(await findKey(presented.token), request, context), context);
    return "key" in caller ? welcome(caller) : caller;
  } catch (error) {
    return refuseUndecided(error, context);
  }
}

/**
 * Decides about a presented token and counts the call. Rejects if the database doesn't respond: that is neither valid nor
 * invalid.
 */
export async function verifyToken(
  token: string,
  request: Question,
  context: VerificationContext,
): Promise<Verification> {
  return decideAbout(await findKey(token), request, context);
}

/** The committed state of a token's key. Malformed tokens fail their checksum and never reach the database. */
export function findKey(token: string): Promise<VerifiedKey | null> {
  return findKeyByHash(tokenHashOf(token));
}

export function findKeyByHash(tokenHash: string | null): Promise<VerifiedKey | null> {
  return tokenHash === null ? foundNothing() : lookUpKey(tokenHash);
}

/** The SHA-256 of a well-formed token, 32 bytes as a binary string; null for a malformed one. */
export function tokenHashOf(token: string): string | null {
  return isWellFormedToken(token) ? hash("sha256", token, "binary") : null;
}

/**
 * The committed state of a token's key, on behalf of the caller with the token hash `askedBy`. A key of another team takes
 * as long to find as an unknown token; the caller must compare the teams.
 */
export function findKeyFor(askedBy: string | null, token: string): Promise<VerifiedKey | null> {
  const tokenHash = tokenHashOf(token);
  if (tokenHash === null || askedBy === null) return foundNothing();
  // About its own token, a caller asks for the lookup that it needs anyway.
  return tokenHash === askedBy ? lookUpKey(tokenHash) : lookUpKeyFor(askedBy, tokenHash);
}

let endOfTurn: Promise<null> | undefined;

/**
 * Resolves at the end of this turn of the event loop, for all malformed tokens of the turn: responses written one after
 * the other wake a sleeping client once. Without it, a client gets 0.77 of the refusals in the same time.
 */
function foundNothing(): Promise<null> {
  endOfTurn ??= new Promise((resolve) => {
    setImmediate(() => {
      endOfTurn = undefined;
      resolve(null);
    });
  });
  return endOfTurn;
}

/** Decides about a key that was just found; counts and records the call. */
export function decideAbout(found: VerifiedKey | null, request: Question, context: VerificationContext): Verification {
  const key = request.team === undefined || found?.team.slug === request.team ? found : null;
  // The database's clock decides; this machine's may be wrong.
  const nowMs = key ? key.asOfMs : Number.NaN;
  const decision = decide(key, request, scopeCatalog(), new Date(nowMs));
  metrics.decided(context.endpoint, decision.code);
  if (key && decision.code !== "not_found") {
    usage.note(key, decision.code, nowMs, context.client, request.scopes);
    if (decision.code !== "valid") recordedRefusals.note(key.id, decision, nowMs, context);
  }
  return { decision, key };
}

/** The caller, or a refusal. */
export function callerOrRefusal(
  { decision, key }: Verification,
  { endpoint, requestId, client }: VerificationContext,
): Caller | Problem {
  if (decision.code === "valid" && key) return { key, scopes: decision.scopes };
  if (decision.code === "valid" || decision.code === "not_found") {
    const retryAfterSeconds = countFailedAttempt(client.ip);
    if (retryAfterSeconds === null) return bearerRefusal({ code: "not_found" }, instanceOf(requestId));
    metrics.attemptThrottled();
    return tooManyAttempts(retryAfterSeconds, instanceOf(requestId));
  }
  logRefusal({ requestId, endpoint, code: decision.code, keyId: key?.id, ip: client.ip });
  return bearerRefusal(decision, instanceOf(requestId));
}

/**
 * The answer to a request that an error left undecided, counted and logged: 503 where the database could not say, 500 for
 * everything else. A mistake must not look like an outage, which passes and which nobody looks into.
 */
export function refuseUndecided(
  error: unknown,
  { endpoint, requestId }: Pick<VerificationContext, "endpoint" | "requestId">,
): Problem {
  const isAway = isDatabaseAway(error);
  metrics.decided(endpoint, isAway ? "unavailable" : "failed");
  if (isAway) logUnavailable(error);
  else logFailure(error, { endpoint, requestId });
  return isAway ? unavailable(instanceOf(requestId)) : failed(instanceOf(requestId));
}
