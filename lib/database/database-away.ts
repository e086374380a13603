/** Node's names for a connection that can't be made or broke. */
const SOCKET =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)$/;
/** PostgreSQL's and its poolers': connection failures, too many connections, shutting down, starting up, out of time. */
const SQLSTATE = /^(08\w{3}|25P0[34]|53300|57014|57P0[1-5])$/;
/** A transaction that may not write: on a replica, a demoted primary, or where an administrator has set it so. */
const READ_ONLY = /^25006$/;
/** No disk, no memory, a limit of the configuration, a disk that fails. */
const EXHAUSTED = /^(53[012]00|53400|58030)$/;
/** A lock that didn't come in time, or that PostgreSQL took away to end a deadlock; Prisma's name for the latter. */
const LOCKED = /^(55P03|40P01|40001|P2034)$/;
/** Prisma's: not reachable, closed, out of time, no place in the pool, a transaction that ended before it was done. */
const PRISMA = /^(P1001|P1002|P1008|P1017|P2024|P2028|P2037)$/;
/** What Prisma's adapter for `pg` names a failure in a statement written by hand. */
const ADAPTER = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/;
/** `pg` gives its own failures no code. */
const UNNAMED =
  /^(Connection terminated\b.*|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client .* is not queryable|Cannot use a pool after calling end on the pool)$/;

/** Latchkey's own: see {@link DatabaseAway}. */
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

/**
 * A transaction's end was asked for, and the database went away before it said what became of it: all of it has
 * happened, or nothing.
 */
export class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super("the connection was lost while a change was committed", { cause });
    this.name = "OutcomeUnknown";
  }
}

/** The database gave no answer that may be used. Known by its code, because Next bundles this class more than once. */
export class DatabaseAway extends Error {
  readonly code = OWN;
}

/** Why the database couldn't do what it was asked, where what it was asked isn't at fault. */
export type DatabaseTrouble = "away" | "read_only" | "exhausted" | "locked";

/** What kept the database from an answer; null for an error that is about what it was asked, and for any other. */
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

/** Whether an error means that the database couldn't answer, and not that it refused. */
export function isDatabaseAway(error: unknown): boolean {
  return databaseTrouble(error) !== null;
}

/** For whoever asked for a change that wasn't made. */
export const NOT_CHANGED: Record<DatabaseTrouble, string> = {
  away: "Latchkey can't reach its database right now. Nothing was changed; try again in a moment.",
  read_only: "Latchkey's database is read-only right now. Nothing was changed; try again later.",
  exhausted: "Latchkey's database has run out of space or memory. Nothing was changed; tell whoever runs Latchkey.",
  locked: "Someone else is changing this right now. Nothing was changed; try again in a moment.",
};

/** Whether a failure of the last step of a transaction, its commit, leaves open what became of the transaction. */
export function leavesCommitOpen(error: unknown): boolean {
  const wasSent = !chainOf(error).some(({ code, message }) => code === "P2028" || matches(message, NEVER_SENT));
  // In any other trouble PostgreSQL says itself that it didn't commit.
  return wasSent && databaseTrouble(error) === "away";
}

/** Reads what a change has left, after it committed: where that fails, the change is made all the same. */
export async function afterCommit<Result>(reading: Promise<Result>): Promise<Result> {
  return reading.catch((error: unknown) => {
    throw isDatabaseAway(error) ? new OutcomeUnknown(error) : error;
  });
}

const matches = (value: unknown, pattern: RegExp) => typeof value === "string" && pattern.test(value);

/** The error and what caused it, as far as each of the layers tells. */
function chainOf(error: unknown, deepest = 4): Failure[] {
  if (typeof error !== "object" || error === null || deepest === 0) return [];
  const failure = error as Failure;
  return [
    failure,
    ...[failure.cause, failure.meta?.driverAdapterError].flatMap((inner) => chainOf(inner, deepest - 1)),
  ];
}
