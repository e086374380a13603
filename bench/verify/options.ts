import { parseArgs } from "node:util";
import { StartError } from "../../scripts/start-error.ts";

export type Options = {
  /** Each figure is the median of this many measurements. */
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
  /** Keys in the first table; the second uses a tenth, the same number, and ten times as many. */
  keys: number;
  revocations: number;
  /** Which of the five tables to measure. */
  tables: ReadonlySet<number>;
  /** Measures only servers of the first table and gateways of the fifth whose name contains this. */
  only: string | undefined;
  /** Where to write performance.md and its chart; undefined for a quick run, whose figures aren't published. */
  docs: string | undefined;
};

const DEFAULTS = { rounds: "3", seconds: "8", "warm-up": "2", keys: "100000", revocations: "200", tables: "1,2,3,4,5" };

/** Parses the arguments after `npm run bench:verify --`; throws a sentence about the first invalid one. */
export function readOptions(words: string[]): Options {
  const values = parse(words);
  const isFullRun =
    !values.only && Object.entries(DEFAULTS).every(([name, value]) => Reflect.get(values, name) === value);
  return {
    rounds: wholeNumber("--rounds", values.rounds),
    seconds: wholeNumber("--seconds", values.seconds),
    warmUpSeconds: wholeNumber("--warm-up", values["warm-up"]),
    keys: wholeNumber("--keys", values.keys),
    revocations: wholeNumber("--revocations", values.revocations),
    tables: readTables(values.tables),
    only: values.only,
    docs: values.docs ?? (isFullRun ? "docs" : undefined),
  };
}

function parse(args: string[]) {
  const text = (name: keyof typeof DEFAULTS) => ({ type: "string", default: DEFAULTS[name] }) as const;
  try {
    return parseArgs({
      args,
      options: {
        rounds: text("rounds"),
        seconds: text("seconds"),
        "warm-up": text("warm-up"),
        keys: text("keys"),
        revocations: text("revocations"),
        tables: text("tables"),
        only: { type: "string" },
        docs: { type: "string" },
      },
    }).values;
  } catch {
    throw new StartError(
      `bench:verify can't make sense of “${args.join(" ")}”: it takes --rounds, --seconds, --warm-up, --keys, ` +
        "--revocations, --tables, --only and --docs, each with a value.",
    );
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new StartError(`${option} must be a whole number from 1 to 9,999,999, not “${text}”.`);
}

function readTables(text: string): Set<number> {
  if (/^[1-5](,[1-5])*$/.test(text)) return new Set(text.split(",").map(Number));
  throw new StartError(`--tables takes some of 1 to 5, e.g. 1,4, not “${text}”.`);
}
