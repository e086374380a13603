import { checkAnswers } from "../load/check-answers.ts";
import type { LoadRequest } from "../load/load-request.ts";
import type { RunningServer } from "../measure.ts";
import type { Site } from "../site.ts";
import type { Contender } from "./contenders.ts";

export type RunningContender = { contender: Contender; server: RunningServer; request: LoadRequest };

/** A row missing from the table, and the reason. */
export type LeftOut = { label: string; reason: string };

/** Starts all contenders and checks their responses; those that can't start are skipped and reported. */
export async function startContenders(contenders: readonly Contender[], site: Site) {
  const running: RunningContender[] = [];
  const leftOut: LeftOut[] = [];
  for (const contender of contenders) {
    try {
      const server = await contender.start(site);
      const request = contender.request(site);
      await checkAnswers(server.origin, request);
      running.push({ contender, server, request });
    } catch (error) {
      site.stop.throwIfAborted();
      console.error(`✗ ${contender.label}: ${(error as Error).message}`);
      leftOut.push({ label: contender.label, reason: (error as Error).message.split("\n", 1)[0] ?? "" });
    }
  }
  return { running, leftOut };
}
