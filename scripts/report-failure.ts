import { EnvError } from "../lib/env.ts";
import { AppError } from "../lib/errors.ts";
import { StartError } from "./start-error.ts";

/** Prints a failure: one sentence if the user can act on it, a stack for a defect. */
export function reportFailure(error: unknown): void {
  const isSentence = error instanceof StartError || error instanceof EnvError || error instanceof AppError;
  console.error(isSentence ? `✗ ${error.message}` : error);
}
