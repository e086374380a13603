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
 * A failure the user can act on. `message` is a sentence for them; `fields` names the inputs at fault. Any other error
 * is a defect, and its text is only logged.
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

/** Rate limit exceeded; the same request is allowed again after `retryAfterSeconds`. */
export class TooManyRequests extends AppError {
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super("too_many_requests", message);
  }
}

/** The same error for a missing row and for another team's. */
export function notFound(what: string): AppError {
  return new AppError("not_found", `${what.charAt(0).toUpperCase()}${what.slice(1)} not found.`);
}
