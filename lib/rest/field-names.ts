import { KEY_COLUMNS } from "@/lib/api-keys/columns";
import { AppError } from "@/lib/errors";

/** Form field names as in the API contract. */
const NAMES: Record<string, string> = {
  ...Object.fromEntries(Object.entries(KEY_COLUMNS).map(([column, { field }]) => [column, field])),
  responsibleMemberId: "responsible_member_id",
};

/** Runs an operation, and translates field names in its errors to those of the request's body. */
export async function inContractTerms<Result>(
  { expiry }: { expiry?: object | undefined },
  operation: () => Promise<Result>,
): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const names = { ...NAMES, expiry: expiry && "at" in expiry ? "expires_at" : "expires_in" };
    const named = Object.entries(error.fields).map(([field, detail]) => [names[field as "expiry"] ?? field, detail]);
    throw new AppError(error.code, error.message, Object.fromEntries(named));
  }
}
