import { parseArgs } from "node:util";
import { StartError } from "../start-error.ts";

/** Without `team`: the oldest one, or a new one; without `password`: a random one. */
export type SeedOptions = {
  members: number;
  keys: number;
  team: string | undefined;
  password: string | undefined;
  tokensFile: string | undefined;
};

const MAX_MEMBERS = 100_000;
const MAX_KEYS = 10_000_000;

/** Parses the arguments after `npm run seed --`; throws a sentence about the first invalid one. */
export function readSeedOptions(words: string[]): SeedOptions {
  const { members, keys, team, password, tokens } = parse(words);
  return {
    members: wholeNumber("--members", members, MAX_MEMBERS),
    keys: wholeNumber("--keys", keys, MAX_KEYS),
    team,
    password,
    tokensFile: tokens,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        members: { type: "string", default: "50" },
        keys: { type: "string", default: "10000" },
        team: { type: "string" },
        password: { type: "string" },
        tokens: { type: "string" },
      },
    }).values;
  } catch {
    throw new StartError(
      `Unknown arguments “${args.join(" ")}”: seed takes --members, --keys, --team, --password and --tokens, each with a value.`,
    );
  }
}

function wholeNumber(option: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new StartError(`${option} must be a whole number from 0 to ${most.toLocaleString("en")}, not “${text}”.`);
}
