/** Node's names for a connection that can't be made or broke. */
const SOCKET =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)$/;
/** PostgreSQL's and its poolers': connection failures, too many connections, shutting down, starting up, out of time. */
const SQLSTATE = /^(08\w{3}|53300|55P03|57014|57P0[1-5])$/;
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

/** Whether an error means that the database couldn't be reached or didn't answer in time, and not that it refused. */
export function isDatabaseAway(error: unknown): boolean {
  return chainOf(error).some(
    ({ code, originalCode, kind, message }) =>
      [code, originalCode].some((name) => [SOCKET, SQLSTATE, PRISMA].some((names) => matches(name, names))) ||
      code === OWN ||
      matches(kind, ADAPTER) ||
      matches(message, UNNAMED),
  );
}

/** Whether a failure of the last step of a transaction, its commit, leaves open what became of the transaction. */
export function leavesCommitOpen(error: unknown): boolean {
  const wasSent = !chainOf(error).some(({ code, message }) => code === "P2028" || matches(message, NEVER_SENT));
  return wasSent && isDatabaseAway(error);
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
