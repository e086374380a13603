import { StartError } from "../start-error.ts";

/** Says what to do about a port that can't be used; returns any other error unchanged. */
export function portProblem(error: unknown, port: number, variable: "PORT" | "VERIFIER_PORT" = "PORT"): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new StartError(
        `Port ${port} is in use: stop the program that uses it, or set ${variable} to another one.`,
      );
    case "EACCES":
      return new StartError(`This user can't listen on port ${port}: set ${variable} to one above 1023.`);
    default:
      return error;
  }
}
