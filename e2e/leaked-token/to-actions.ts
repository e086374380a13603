import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "../fixtures";
import { actionArguments } from "./action-arguments";
import { leaksIn, type Send } from "./canary";
import type { Ids } from "./own-console";

const BUILD_DIR = process.env.LATCHKEY_BUILD_DIR || ".test/build";

/** The server actions of this build, by name. */
export function actionIds(): Record<string, string> {
  const path = join(BUILD_DIR, "console/server/server-reference-manifest.json");
  const { node } = JSON.parse(readFileSync(path, "utf8")) as { node: Record<string, { exportedName: string }> };
  return Object.fromEntries(Object.entries(node).map(([id, { exportedName }]) => [exportedName, id]));
}

/** Sends the token in every argument of every server action. */
export async function sendToActions(send: Send, ids: Ids, token: string): Promise<void> {
  const known = actionIds();
  const calls = actionArguments(ids);
  // A new action must be added here.
  expect(Object.keys(calls).sort()).toEqual(Object.keys(known).sort());
  for (const [name, args] of Object.entries(calls)) {
    for (const sent of [...leaksIn(args, token), args]) {
      const headers = { "next-action": known[name] ?? "", accept: "text/x-component", "content-type": "text/plain" };
      await send(`/${ids.team}/settings/api-keys`, { method: "POST", headers, body: JSON.stringify(sent) });
    }
  }
}
