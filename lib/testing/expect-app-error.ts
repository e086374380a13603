import { expect } from "vitest";
import { AppError, type AppErrorCode } from "@/lib/errors";

/** Expects a rejection with this code; returns the error for further checks. */
export async function expectAppError(promise: Promise<unknown>, code: AppErrorCode): Promise<AppError> {
  const error = await promise.then(
    () => expect.fail(`was not refused with ${code}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).code).toBe(code);
  return error as AppError;
}
