import { z } from "zod";
import { EXPIRY_CHOICE_NAMES, expiryProblem } from "@/lib/api-keys/expiry";
import { KEY_KINDS } from "@/lib/api-keys/kinds";
import { MAX_NAME_LENGTH } from "@/lib/api-keys/limits";
import { withoutSecret } from "@/lib/api-keys/token-shape";
import { plainText } from "@/lib/plain-text";

const keyId = z.uuid("This is not the id of a key.");

// A name is shown to everybody and kept in the audit log: the last place for a token pasted into the wrong field.
const keyName = plainText(MAX_NAME_LENGTH)
  .refine((name) => withoutSecret(name) === name, "This is a token, not a name. Keep it secret, and name the key.")
  .transform((name) => name || null);

const expiryDate = z.iso
  .datetime({ offset: true, error: "Choose a date." })
  .transform((text) => new Date(text))
  .superRefine((date, context) => {
    const problem = expiryProblem(date, new Date());
    if (problem) context.addIssue({ code: "custom", message: problem });
  });

/** One of the offered lifetimes, or an exact instant. */
const expiry = z.union(
  [z.strictObject({ in: z.enum(EXPIRY_CHOICE_NAMES) }), z.strictObject({ at: expiryDate })],
  "Choose when the key expires.",
);

export const createApiKeySchema = z.strictObject({
  kind: z.enum(KEY_KINDS, "Choose a personal or a team key.").default("personal"),
  name: keyName.default(null),
  scopes: z
    .array(z.string().max(64), "Pick at least one scope.")
    .min(1, "Pick at least one scope.")
    .max(200, "These are too many scopes.")
    .transform((scopes) => [...new Set(scopes)]),
  expiry,
});
export type CreateApiKeyInput = z.output<typeof createApiKeySchema>;

export const renameApiKeySchema = z.strictObject({ id: keyId, name: keyName });
export type RenameApiKeyInput = z.output<typeof renameApiKeySchema>;

export const changeExpirySchema = z.strictObject({ id: keyId, expiry });
export type ChangeExpiryInput = z.output<typeof changeExpirySchema>;

export const apiKeyIdSchema = z.strictObject({ id: keyId });
export type ApiKeyIdInput = z.output<typeof apiKeyIdSchema>;
