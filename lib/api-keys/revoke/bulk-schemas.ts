import { z } from "zod";
import { MAX_BATCH_KEYS } from "@/lib/api-keys/list/list-choices";

/** The distinct keys of one batch. */
export const apiKeyIdsSchema = z.strictObject({
  ids: z
    .array(z.uuid("This isn't a key's ID."), "Choose at least one key.")
    .min(1, "Choose at least one key.")
    .max(MAX_BATCH_KEYS, `Choose up to ${MAX_BATCH_KEYS} keys.`)
    .transform((ids) => [...new Set(ids)]),
});
export type ApiKeyIdsInput = z.output<typeof apiKeyIdsSchema>;
