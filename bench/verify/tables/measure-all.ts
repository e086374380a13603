import { measureByTurns } from "../../measure-by-turns.ts";
import { type LoadedServer, load, type Measurement, measure } from "../measure.ts";
import type { Options } from "../options.ts";
import type { Site } from "../site.ts";
import { summarize } from "./summary.ts";

export const CONNECTIONS = 64;
export const WRK_THREADS = 2;

/** In warm-ups. Compilers and plan caches need longer the first time: Prisma has a plan for each batch size. */
const FIRST_WARM_UP = 3;

/** The servers of a table's row: usually one, with all connections. */
export type Subject = { label: string; servers: LoadedServer[] };

export type Row = { label: string } & Measurement;

/** Measures the subjects alternately and returns their medians in the given order. */
export async function measureAll(
  subjects: readonly Subject[],
  options: Options,
  site: Site,
  firstWarmUp = FIRST_WARM_UP,
): Promise<Row[]> {
  const rounds = { warmUp: 0, counted: options.rounds, limitMs: Number.POSITIVE_INFINITY };
  for (const { servers } of subjects) await load(servers, firstWarmUp * options.warmUpSeconds, site.stop);
  const measurements = await measureByTurns(subjects, rounds, ({ servers }) =>
    measure(servers, site.postgresPid, options, site.stop),
  );
  return subjects.map((subject) => ({ label: subject.label, ...summarize(measurements.get(subject) ?? []) }));
}
