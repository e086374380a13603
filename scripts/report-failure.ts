import { EnvError } from "../lib/env.ts";
import { AppError } from "../lib/errors.ts";
import { StartError } from "./start-error.ts";

/** Prints a failure: what the user can act on as one sentence, a defect with its stack. */
export function reportFailure(error: unknown): void {
  const isSentence = error instanceof StartError || error instanceof EnvError || error instanceof AppError;
  console.error(isSentence ? `✗ ${error.message}` : error);
}
