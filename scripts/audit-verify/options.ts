import { parseArgs } from "node:util";
import { StartError } from "../start-error.ts";

/** A head printed by an earlier run: the team's slug, and the number and hash of its latest entry. */
export type ExpectedHead = { team: string; seq: bigint; hash: string };

const HEAD = /^([a-z0-9-]+)=(\d{1,18}):([0-9a-f]{64})$/;

/** Parses the arguments after `npm run audit:verify --`; throws a sentence about the first invalid one. */
export function readVerifyOptions(words: string[]): ExpectedHead[] {
  return parse(words).map((text) => {
    const [, team = "", seq = "", hash = ""] = HEAD.exec(text) ?? [];
    if (!team) throw new StartError(`--expect must look like acme=1234:<64 hexadecimal characters>, not “${text}”.`);
    return { team, seq: BigInt(seq), hash };
  });
}

function parse(args: string[]): string[] {
  try {
    return parseArgs({ args, options: { expect: { type: "string", multiple: true, default: [] } } }).values.expect;
  } catch {
    throw new StartError(
      `Unknown arguments “${args.join(" ")}”: audit:verify takes --expect <team>=<number>:<hash>, any number of times.`,
    );
  }
}
