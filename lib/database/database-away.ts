/** Node's codes for a connection that failed or broke. */
const SOCKET =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)$/;
/** Of PostgreSQL and poolers: connection failures, too many connections, shutting down, starting up, timeouts. */
const SQLSTATE = /^(08\w{3}|25P0[34]|53300|57014|57P0[1-5])$/;
/** A transaction that can't write: on a replica, a demoted primary, or by configuration. */
const READ_ONLY = /^25006$/;
/** Out of disk space or memory, a configuration limit, a disk failure. */
const EXHAUSTED = /^(53[012]00|53400|58030)$/;
/** A lock timeout, or a lock lost to a deadlock; Prisma's code for the latter. */
const LOCKED = /^(55P03|40P01|40001|P2034)$/;
/** Of Prisma: unreachable, closed, timed out, no free connection in the pool, transaction closed early. */
const PRISMA = /^(P1001|P1002|P1008|P1017|P2024|P2028|P2037)$/;
/** Kinds that Prisma's `pg` adapter reports for raw statements. */
const ADAPTER = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/;
/** `pg` gives its own failures no code. */
const UNNAMED =
  /^(Connection terminated\b.*|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client .* is not queryable|Cannot use a pool after calling end on the pool)$/;

/** See {@link DatabaseAway}. */
const OWN = "LATCHKEY_DATABASE_AWAY";

const NEVER_SENT = /is not queryable$/;

type Failure = {
  code?: unknown;
  originalCode?: unknown;
  kind?: unknown;
  message?: unknown;
  cause?: unknown;
  meta?: { driverAdapterError?: unknown };
};

/** The connection was lost during a commit: either everything happened or nothing. */
export class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super("the connection was lost while a change was committed", { cause });
    this.name = "OutcomeUnknown";
  }
}

/** The database returned no usable result. Identified by its code, because Next bundles this class more than once. */
export class DatabaseAway extends Error {
  readonly code = OWN;
}

/** Why the database failed through no fault of the statement. */
export type DatabaseTrouble = "away" | "read_only" | "exhausted" | "locked";

/** The kind of database trouble; null for errors caused by the statement, and for all others. */
export function databaseTrouble(error: unknown): DatabaseTrouble | null {
  const failures = chainOf(error);
  const has = (names: RegExp) =>
    failures.some(({ code, originalCode }) => matches(code, names) || matches(originalCode, names));
  if (has(READ_ONLY)) return "read_only";
  if (has(EXHAUSTED)) return "exhausted";
  if (has(LOCKED)) return "locked";
  const isAway =
    [SOCKET, SQLSTATE, PRISMA].some(has) ||
    failures.some(({ code, kind, message }) => code === OWN || matches(kind, ADAPTER) || matches(message, UNNAMED));
  return isAway ? "away" : null;
}

/** Whether an error means that the database couldn't respond, rather than that it rejected the statement. */
export function isDatabaseAway(error: unknown): boolean {
  return databaseTrouble(error) !== null;
}

/** Messages for changes that weren't made. */
export const NOT_CHANGED: Record<DatabaseTrouble, string> = {
  away: "Latchkey can't reach its database right now. Nothing was changed; try again in a moment.",
  read_only: "Latchkey's database is read-only right now. Nothing was changed; try again later.",
  exhausted: "Latchkey's database has run out of space or memory. Nothing was changed; contact your administrator.",
  locked: "Someone else is changing this right now. Nothing was changed; try again in a moment.",
};

/** Whether a failed commit leaves the transaction's outcome unknown. */
export function isOutcomeUnknown(error: unknown): boolean {
  const wasSent = !chainOf(error).some(({ code, message }) => code === "P2028" || matches(message, NEVER_SENT));
  // In all other cases PostgreSQL reports that it didn't commit.
  return wasSent && databaseTrouble(error) === "away";
}

/** Reads the result of a committed change; if that fails, the change has happened anyway. */
export async function afterCommit<Result>(reading: Promise<Result>): Promise<Result> {
  return reading.catch((error: unknown) => {
    throw isDatabaseAway(error) ? new OutcomeUnknown(error) : error;
  });
}

const matches = (value: unknown, pattern: RegExp) => typeof value === "string" && pattern.test(value);

/** The error and its causes, as far as each layer exposes them. */
function chainOf(error: unknown, deepest = 4): Failure[] {
  if (typeof error !== "object" || error === null || deepest === 0) return [];
  const failure = error as Failure;
  return [
    failure,
    ...[failure.cause, failure.meta?.driverAdapterError].flatMap((inner) => chainOf(inner, deepest - 1)),
  ];
}
