import { z } from "zod";
import { KEY_KINDS } from "@/lib/api-keys/kinds";
import { EXPIRES_WITHIN_DAYS, KEY_LISTS, readSort, UNUSED_FOR_DAYS } from "@/lib/api-keys/list/list-choices";
import { listCursor } from "@/lib/api-keys/list/list-cursor";
import { KEY_STATUSES } from "@/lib/api-keys/status";
import { pageFields } from "@/lib/http/page-cursor";
import { searchText } from "@/lib/text/plain-text";

const oneOfDays = (choices: readonly number[]) =>
  z
    .string()
    .refine((text) => choices.some((days) => String(days) === text))
    .transform(Number)
    .nullable()
    .catch(null);

/** The filters of a list and of its export. */
const filterFields = {
  kind: z.enum(KEY_LISTS).nullable().catch(null),
  q: searchText(100).catch(""),
  /** SHA-256 of a token pasted into the search; the token itself stays in the browser. */
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .catch(null),
  status: z.enum(KEY_STATUSES).nullable().catch(null),
  /** Limits the list of all keys to this member's personal ones. */
  owner: z.uuid().nullable().catch(null),
  scope: z
    .string()
    .regex(/^[\w.:-]{1,64}$/)
    .nullable()
    .catch(null),
  type: z.enum(KEY_KINDS).nullable().catch(null),
  expires: oneOfDays(EXPIRES_WITHIN_DAYS),
  unused: z.union([z.literal("never"), oneOfDays(UNUSED_FOR_DAYS)]),
};

/** The page's URL parameters; invalid values count as missing. */
export const apiKeyListSchema = z.object({
  ...filterFields,
  sort: z.unknown().default(null).transform(readSort),
  ...pageFields(listCursor.decode),
});
export type ApiKeyListInput = z.output<typeof apiKeyListSchema>;
export type KeyFilters = Pick<ApiKeyListInput, Exclude<keyof typeof filterFields, "kind">>;

/** The parameters of an export. */
export const apiKeyExportSchema = z.object({ ...filterFields, format: z.enum(["csv", "jsonl"]).catch("csv") });
export type ApiKeyExportInput = z.output<typeof apiKeyExportSchema>;
