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
  read_only: "it takes no writes: point DATABASE_URL at the primary, or set LEASE_SECONDS=0 for a read-only role",
  no_lease: "it doesn't commit this process's heartbeats, so another server may be the primary by now",
};

/** The server answers and may not be believed: what it says may be out of date. Logged when it began. */
export class NotPrimary extends DatabaseAway {
  readonly isLogged = true;

  constructor(
    readonly doubt: Doubt,
    cause?: unknown,
  ) {
    super(`the database is not believed: ${REASONS[doubt]}`, { cause });
  }
}

/** Why an answer wasn't believed, if that is what went wrong. By its property, because Next bundles the class more than once. */
export const doubtOf = (error: unknown) => (error as Partial<NotPrimary>).doubt;

/** Until nothing was wrong for so long, or two lines are so far apart, nothing more is said: two servers may answer by turns. */
const QUIET_MS = 1_000;

class Primary {
  private newestTimeline = 0;
  private doubt: Doubt | null = null;
  private doubtedMs = Number.NEGATIVE_INFINITY;
  private loggedMs = Number.NEGATIVE_INFINITY;

  /** What keeps a server that says this of itself from being believed; null if nothing does, but perhaps its lease. */
  doubtAbout({ timeline, isReadOnly }: ServerState): Doubt | null {
    if (timeline === null) return "standby";
    if (!(timeline >= this.newestTimeline)) return "older_timeline";
    this.newestTimeline = timeline;
    return isReadOnly && lease.isOn ? "read_only" : null;
  }

  refuse(doubt: Doubt, cause?: unknown): never {
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

  believe(): void {
    if (this.doubt === null || performance.now() - this.doubtedMs <= QUIET_MS) return;
    this.doubt = null;
    log.info("verification available again: the database is believed");
  }
}

const primary = processWide("primary", () => new Primary());

/** `rows` without the last one, which is about the server; `nowMs` is its clock, as epoch milliseconds. */
type Answer<Row> = { rows: Row[]; nowMs: number };

/**
 * Asks the database, and believes it only while it is the primary: no standby, on no older timeline than one seen before,
 * and holding this process's lease. Throws {@link NotPrimary}. The statement's last row is its {@link SERVER_STATE}.
 */
export async function askPrimary<Row>(pool: Pool, statement: PreparedStatement, value: string): Promise<Answer<Row>> {
  lease.keepUp();
  const first = await ask<Row>(pool, statement, value);
  if (!lease.isOn || lease.isHeldBy(first.state)) return believed(first);
  await lease.renew().catch((error: unknown) => primary.refuse("no_lease", error));
  const second = await ask<Row>(pool, statement, value);
  return lease.isHeldBy(second.state) ? believed(second) : primary.refuse("no_lease");
}

function believed<Row>({ rows, state }: { rows: Row[]; state: ServerState }): Answer<Row> {
  primary.believe();
  return { rows, nowMs: state.nowMs };
}

async function ask<Row>(pool: Pool, statement: PreparedStatement, value: string) {
  const sentMs = Date.now();
  const rows = await runPrepared<Row | [null, string]>(pool, statement, [value, lease.id]).catch(namingLack);
  const state = readServerState((rows.pop() as [null, string])[1]);
  clockSkew.note(state.nowMs, sentMs, Date.now());
  const doubt = primary.doubtAbout(state);
  if (doubt) primary.refuse(doubt);
  return { rows: rows as Row[], state };
}

const UNDEFINED_TABLE = "42P01";
const INSUFFICIENT_PRIVILEGE = "42501";
const FEATURE_NOT_SUPPORTED = "0A000";

/**
 * A verifier may be there before the console, which makes the tables and grants their use. What the server says of itself
 * takes functions that some services don't have, or don't let everybody call.
 */
const LACKS: Record<string, string> = {
  [UNDEFINED_TABLE]: "the database lacks tables: start the console, which makes them",
  [INSUFFICIENT_PRIVILEGE]:
    "the database user lacks rights: start the console, which grants those on tables; for functions see docs/operations.md",
  [FEATURE_NOT_SUPPORTED]: "the database lacks a function that look-ups need: docs/operations.md names them",
};

function namingLack(error: unknown): never {
  const { code = "", message } = error as { code?: string; message?: string };
  const lack = LACKS[code];
  if (!lack) throw error;
  throw new DatabaseAway(`${lack} (${message})`, { cause: error });
}
