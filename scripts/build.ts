import { buildConsoleUnlessCurrent } from "./build/build-console.ts";
import { bundleServices } from "./build/bundle-services.mjs";
import { completePostgres } from "./postgres/binaries.ts";
import { step } from "./step.ts";

/**
 * `npm run build`: everything that `npm start` and `npm run verifier` need, so that they can start from a read-only
 * checkout.
 */
export default async function build(): Promise<void> {
  await completePostgres();
  await step("Services built", () => bundleServices("start"));
  await step("Console built", () => buildConsoleUnlessCurrent());
}
