export type AppErrorCode =
  | "not_found"
  | "forbidden"
  | "unauthenticated"
  | "conflict"
  | "limit_reached"
  | "too_many_requests"
  | "invalid"
  | "unavailable";

/**
 * A failure the user can act on. `message` is a sentence for them; `fields` says which inputs
 * are at fault. Everything that is not an AppError is a defect, and its text stays in the log.
 */
export class AppError extends Error {
  constructor(
    readonly code: AppErrorCode,
    message: string,
    readonly fields: Record<string, string> = {},
  ) {
    super(message);
    this.name = "AppError";
  }
}

/** Somebody did a thing too often: the same request is good again after so many seconds. */
export class TooManyRequests extends AppError {
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super("too_many_requests", message);
  }
}

/** The same answer for a row that is not there and for one that is another team's. */
export function notFound(what: string): AppError {
  return new AppError("not_found", `There is no such ${what}.`);
}
