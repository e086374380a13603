import type pg from "pg";
import { createRandom, pick, type Random, wholeBetween } from "../../scripts/seed/random.ts";
import { type Answer, ask } from "./ask.ts";
import { type Change, drawChange } from "./changes.ts";
import { drawQuestion, type Question } from "./questions.ts";
import { ASKING, type ModelKey, type World } from "./world.ts";

export interface ScheduleOptions {
  seed: number;
  /** Addresses of everything that verifies over this database. */
  instances: readonly string[];
  /** Changes are sequential on each of these connections, and concurrent across them. */
  databases: readonly pg.Client[];
  world: World;
  changes: number;
  /** Random requests, in addition to those that follow each change. */
  bystanders: number;
}

export interface ScheduleReport {
  questions: number;
  /** Questions that began after a commit and ended before the next change was sent. */
  exact: number;
  unavailable: number;
  /** All codes in answers about keys, so that a test can check that every one occurred. */
  codes: Set<unknown>;
  wrong: string[];
}

const QUESTIONS_A_CHANGE = 5;
const MAX_WRONG = 10;

/**
 * Changes keys, roles, members, users and policies while requests are sent to every instance. An answer must be correct
 * for a state that was committed at some time during its request: a request that starts after a commit must not be
 * answered from an earlier state.
 */
export async function runSchedule(options: ScheduleOptions): Promise<ScheduleReport> {
  const run = new Run(options);
  const random = (place: number) => createRandom(options.seed + place);
  const asking = Array.from({ length: options.bystanders }, (_, place) => run.standBy(random(100 + place)));
  try {
    await Promise.all(options.databases.map((database, place) => run.makeChanges(database, random(place))));
  } finally {
    run.isOver = true;
  }
  await Promise.all(asking);
  return run.report;
}

class Run {
  readonly report: ScheduleReport = { questions: 0, exact: 0, unavailable: 0, codes: new Set(), wrong: [] };
  isOver = false;
  /** Every state so far, the last one perhaps not committed yet. */
  private readonly worlds: World[];
  private committed = 0;
  private readonly names: string[] = [];
  private made = 0;
  private committing: Promise<void> = Promise.resolve();
  /** Keys affected by changes in progress, which random requests prefer. */
  private readonly hot = new Map<pg.Client, readonly ModelKey[]>();

  constructor(private readonly options: ScheduleOptions) {
    this.worlds = [options.world];
  }

  async makeChanges(database: pg.Client, random: Random): Promise<void> {
    while (this.made++ < this.options.changes && this.report.wrong.length < MAX_WRONG) {
      await this.change(database, drawChange(this.now, random), random);
    }
  }

  async standBy(random: Random): Promise<void> {
    while (!this.isOver) {
      const hot = [...this.hot.values()].flat();
      await this.question(random, pick(random, random() < 0.5 && hot.length > 0 ? hot : [...this.now.keys.values()]));
    }
  }

  private get now(): World {
    return this.worlds[this.committed] as World;
  }

  private async change(database: pg.Client, change: Change, random: Random): Promise<void> {
    const about = change.touched.length > 0 ? change.touched : [...this.now.keys.values()];
    const questions = () =>
      Promise.all(Array.from({ length: QUESTIONS_A_CHANGE }, () => this.question(random, pick(random, about))));
    this.hot.set(database, about);
    await database.query("begin");
    await database.query(change.statement);
    // The model changes only with a commit, never with a rollback.
    if (random() < 0.1) {
      await questions();
      await database.query("rollback");
    } else {
      const overtaken = random() < 0.5 ? questions() : undefined;
      await this.commit(database, change);
      await Promise.all([overtaken, questions()]);
    }
    await questions();
  }

  /** One after the other, so that the model knows their order. */
  private commit(database: pg.Client, { name, apply }: Change): Promise<void> {
    this.committing = this.committing.then(async () => {
      this.names.push(name);
      this.worlds.push(apply(this.now));
      await database.query("commit");
      this.committed++;
    });
    return this.committing;
  }

  private async question(random: Random, key: ModelKey): Promise<void> {
    const instance = pick(random, this.options.instances);
    const question = drawQuestion(random, { key, caller: this.drawCaller(random, key) });
    const [earliest, begun] = [this.committed, Date.now()];
    const answer = await ask(instance, question.ask);
    const [latest, ended] = [this.worlds.length - 1, Date.now()];
    this.report.questions++;
    if (answer.status === 503) this.report.unavailable++;
    else if (earliest === latest) this.report.exact++;
    if (answer.status !== 503) this.check(question, answer, instance, { earliest, latest, begun, ended });
  }

  /** Usually a caller of the same team that may ask; sometimes any other. */
  private drawCaller(random: Random, { teamId }: ModelKey): ModelKey {
    const keys = [...this.now.keys.values()];
    const askers = keys.filter((key) => key.teamId === teamId && !key.isRevoked && key.scopes.includes(ASKING));
    return random() < 0.85 && askers.length > 0 ? pick(random, askers) : pick(random, keys);
  }

  private check(question: Question, answer: Answer, instance: string, during: During): void {
    for (const { actual, expected } of question.claims(answer)) {
      this.report.codes.add(outcomeOf(actual));
      const right = new Set<string>();
      for (const world of this.worlds.slice(during.earliest, during.latest + 1)) {
        for (let at = during.begun; at <= during.ended; at++) right.add(JSON.stringify(expected(world, at)));
      }
      if (right.has(JSON.stringify(actual))) continue;
      const changes = this.names.slice(Math.max(0, during.earliest - 2), during.latest).join("\n  ");
      this.report.wrong.push(
        `${instance} answered ${JSON.stringify(actual)}, right is ${[...right].join(" or ")}\n` +
          `question ${JSON.stringify(question.ask)}\nlast changes:\n  ${changes}`,
      );
    }
  }
}

function outcomeOf(actual: unknown): unknown {
  const { reason, code, status } = actual as { reason?: string; code?: string; status?: number };
  return reason ?? code ?? (status === 200 ? "valid" : "neither");
}

interface During {
  earliest: number;
  latest: number;
  begun: number;
  ended: number;
}

/** Every schedule must produce each of these, or it proves little. */
export const SEEN_BY_ANY_SCHEDULE = [
  "expired",
  "insufficient_scope",
  "invalid_client",
  "ip_not_allowed",
  "neither",
  "not_found",
  "owner_inactive",
  "revoked",
  "valid",
  "wrong_resource",
];

/** The seed, printed with failures; set LATCHKEY_TEST_SEED to repeat a run. */
export function drawSeed(): number {
  return Number(process.env.LATCHKEY_TEST_SEED ?? wholeBetween(Math.random, 1, 1_000_000_000));
}
