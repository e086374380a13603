import { KEY_COLUMNS } from "@/lib/api-keys/columns";
import { AppError } from "@/lib/errors";

/** A form's field by the name that it has in the contract. */
const NAMES: Record<string, string> = {
  ...Object.fromEntries(Object.entries(KEY_COLUMNS).map(([column, { field }]) => [column, field])),
  responsibleMemberId: "responsible_member_id",
};

/** Runs an operation whose refusals name fields, and names those as the request's body does. */
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
