import { expect } from "vitest";
import { AppError, type AppErrorCode } from "@/lib/errors";

/** That a promise is refused with this code; returns the error for a closer look. */
export async function expectAppError(promise: Promise<unknown>, code: AppErrorCode): Promise<AppError> {
  const error = await promise.then(
    () => expect.fail(`was not refused with ${code}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).code).toBe(code);
  return error as AppError;
}
