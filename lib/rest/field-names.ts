import { KEY_COLUMNS } from "@/lib/api-keys/columns";
import { AppError } from "@/lib/errors";

/** Form field names as in the API contract. */
const NAMES: Record<string, string> = {
  ...Object.fromEntries(Object.entries(KEY_COLUMNS).map(([column, { field }]) => [column, field])),
  responsibleMemberId: "responsible_member_id",
};

/** Rethrows an operation's error, with its field names translated to those of the request's body. */
export function inContractTerms({ expiry }: { expiry?: object | undefined }): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof AppError)) throw error;
    const names = { ...NAMES, expiry: expiry && "at" in expiry ? "expires_at" : "expires_in" };
    const named = Object.entries(error.fields).map(([field, detail]) => [names[field as "expiry"] ?? field, detail]);
    throw new AppError(error.code, error.message, Object.fromEntries(named));
  };
}
