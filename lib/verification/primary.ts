import "server-only";
import { DatabaseAway } from "@/lib/database/database-away";
import type { Pool } from "@/lib/database/postgres";
import { type PreparedStatement, runPrepared } from "@/lib/database/prepared-statement";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { clockSkew } from "@/lib/verification/clock-skew";
import { lease } from "@/lib/verification/lease";
import { readServerState, type ServerState } from "@/lib/verification/server-state";

type Doubt = "standby" | "older_timeline" | "read_only" | "no_lease";

const REASONS: Record<Doubt, string> = {
  standby: "it is a standby, which may lag behind the primary: point DATABASE_URL at the primary",
  older_timeline:
    "it is on an older timeline than one seen before, so another server was promoted in its place: point DATABASE_URL at " +
    "that one, or restart this process if the database was replaced on purpose",
  read_only: "it doesn't accept writes: point DATABASE_URL at the primary, or set LEASE_SECONDS=0 for a read-only role",
  no_lease: "it doesn't commit this process's heartbeats, so another server may be the primary by now",
};

/** The server answered but isn't proven to be the primary, so its rows may be stale. Logged when the state begins. */
export class NotPrimary extends DatabaseAway {
  readonly isLogged = true;

  constructor(
    readonly doubt: Doubt,
    cause?: unknown,
  ) {
    super(`the database server is rejected: ${REASONS[doubt]}`, { cause });
  }
}

/** The error's doubt, if it is a {@link NotPrimary}. Not by `instanceof`, because Next bundles the class more than once. */
export const doubtOf = (error: unknown) => (error as Partial<NotPrimary>).doubt;

/** Two servers may answer alternately: minimum time between logged doubts, and without any before recovery is logged. */
const QUIET_MS = 1_000;

class Primary {
  private newestTimeline = 0;
  private doubt: Doubt | null = null;
  private doubtedMs = Number.NEGATIVE_INFINITY;
  private loggedMs = Number.NEGATIVE_INFINITY;

  /** Why a server in this state can't be the primary, or null. The lease is checked separately. */
  doubtAbout({ timeline, isReadOnly }: ServerState): Doubt | null {
    if (timeline === null) return "standby";
    if (!(timeline >= this.newestTimeline)) return "older_timeline";
    this.newestTimeline = timeline;
    return isReadOnly && lease.isOn ? "read_only" : null;
  }

  reject(doubt: Doubt, cause?: unknown): never {
    const error = new NotPrimary(doubt, cause);
    const nowMs = performance.now();
    this.doubtedMs = nowMs;
    if (doubt !== this.doubt && nowMs - this.loggedMs > QUIET_MS) {
      this.doubt = doubt;
      this.loggedMs = nowMs;
      log.error({ doubt, cause: cause && String(cause) }, `verification unavailable: ${error.message}`);
    }
    throw error;
  }

  accept(): void {
    if (this.doubt === null || performance.now() - this.doubtedMs <= QUIET_MS) return;
    this.doubt = null;
    log.info("verification available again: the database server is accepted");
  }
}

const primary = processWide("primary", () => new Primary());

/** `rows` without the last one, the server state; `nowMs` is the server's clock, as epoch milliseconds. */
type Answer<Row> = { rows: Row[]; nowMs: number };

/**
 * Queries the database and accepts the answer only from the primary: not a standby, on no older timeline than one seen
 * before, and holding this process's lease. Throws {@link NotPrimary}. The statement's last row is {@link SERVER_STATE}.
 */
export async function askPrimary<Row>(pool: Pool, statement: PreparedStatement, value: string): Promise<Answer<Row>> {
  lease.keepUp();
  const first = await ask<Row>(pool, statement, value);
  if (!lease.isOn || lease.isHeldBy(first.state)) return accepted(first);
  await lease.renew().catch((error: unknown) => primary.reject("no_lease", error));
  const second = await ask<Row>(pool, statement, value);
  return lease.isHeldBy(second.state) ? accepted(second) : primary.reject("no_lease");
}

function accepted<Row>({ rows, state }: { rows: Row[]; state: ServerState }): Answer<Row> {
  primary.accept();
  return { rows, nowMs: state.nowMs };
}

async function ask<Row>(pool: Pool, statement: PreparedStatement, value: string) {
  const sentMs = Date.now();
  const rows = await runPrepared<Row | [null, string]>(pool, statement, [value, lease.id]).catch(rethrowWithAdvice);
  const state = readServerState((rows.pop() as [null, string])[1]);
  clockSkew.note(state.nowMs, sentMs, Date.now());
  const doubt = primary.doubtAbout(state);
  if (doubt) primary.reject(doubt);
  return { rows: rows as Row[], state };
}

const UNDEFINED_TABLE = "42P01";
const INSUFFICIENT_PRIVILEGE = "42501";
const FEATURE_NOT_SUPPORTED = "0A000";

/**
 * A verifier may start before the console, which creates the tables and grants access to them. Reading the server state
 * takes functions that some hosted databases lack or restrict.
 */
const ADVICE: Record<string, string> = {
  [UNDEFINED_TABLE]: "the database lacks tables: start the console, which creates them",
  [INSUFFICIENT_PRIVILEGE]:
    "the database user lacks rights: start the console, which grants those on tables; for functions see docs/operations.md",
  [FEATURE_NOT_SUPPORTED]: "the database lacks a function that look-ups need: docs/operations.md names them",
};

function rethrowWithAdvice(error: unknown): never {
  const { code = "", message } = error as { code?: string; message?: string };
  const advice = ADVICE[code];
  if (!advice) throw error;
  throw new DatabaseAway(`${advice} (${message})`, { cause: error });
}
