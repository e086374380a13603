import { z } from "zod";
import { EXPIRY_CHOICE_NAMES, expiryProblem } from "@/lib/api-keys/expiry";
import { normalizeRange } from "@/lib/api-keys/ip-ranges";
import { KEY_KINDS } from "@/lib/api-keys/kinds";
import { MAX_ALLOWED_IPS, MAX_NAME_LENGTH } from "@/lib/api-keys/limits";
import { resourceFault } from "@/lib/api-keys/resources";
import { plainText } from "@/lib/text/plain-text";

export const keyIdSchema = z.uuid("This isn't a key's ID.");

export const keyNameSchema = plainText(MAX_NAME_LENGTH).transform((name) => name || null);

export const expiryDateSchema = z.iso
  .datetime({ offset: true, error: "Choose a date." })
  // Whether it is in the future is checked against the database's clock.
  .transform((text) => new Date(text));

/** One of the offered lifetimes, or an exact time. */
export const expirySchema = z.union(
  [z.strictObject({ in: z.enum(EXPIRY_CHOICE_NAMES) }), z.strictObject({ at: expiryDateSchema })],
  "Choose when the key expires.",
);
export type ExpiryInput = z.output<typeof expirySchema>;

/** The one resource that a key can access, of a type in the catalog; null is the whole team. */
export const resourceSchema = z
  .strictObject({ type: z.string("Choose a resource.").max(64), id: plainText(200) }, "Choose a resource.")
  .nullable()
  .superRefine((wanted, context) => {
    const fault = wanted && resourceFault(wanted);
    if (fault) context.addIssue({ code: "custom", message: fault.message, path: [fault.part] });
  });

/** Unique addresses and ranges in CIDR notation. */
export const allowedIpsSchema = z
  .array(z.string("Enter IP addresses or CIDR ranges."), "Enter IP addresses or CIDR ranges.")
  .max(MAX_ALLOWED_IPS, `Enter at most ${MAX_ALLOWED_IPS} IP addresses and ranges.`)
  .transform((entries, context) => {
    const ranges = entries.map((entry, index) => {
      const read = entry.length > 64 ? { problem: "One of these entries is too long." } : normalizeRange(entry);
      if ("range" in read) return read.range;
      context.addIssue({ code: "custom", message: read.problem, path: [index] });
      return z.NEVER;
    });
    return [...new Set(ranges)];
  });

export const responsibleMemberIdSchema = z.uuid("Choose a member of the team.");

export const createApiKeySchema = z.strictObject({
  kind: z.enum(KEY_KINDS, "Choose a personal or a team key.").default("personal"),
  name: keyNameSchema.default(null),
  scopes: z
    .array(z.string().max(64), "Select at least one scope.")
    .min(1, "Select at least one scope.")
    .max(200, "Select at most 200 scopes.")
    .transform((scopes) => [...new Set(scopes)]),
  expiry: expirySchema,
  resource: resourceSchema.default(null),
  allowedIps: allowedIpsSchema.default([]),
  /** Of a team key. Default: its creator. */
  responsibleMemberId: responsibleMemberIdSchema.optional(),
});
export type CreateApiKeyInput = z.output<typeof createApiKeySchema>;

/** The same for forms, which report all errors at once: dates are checked here too, against `now`. */
export const createApiKeyFormSchema = (now: Date) =>
  createApiKeySchema.extend({
    expiry: expirySchema.superRefine((wanted, context) => {
      const problem = "at" in wanted && expiryProblem(wanted.at, now);
      if (problem) context.addIssue({ code: "custom", message: problem });
    }),
  });

export const apiKeyIdSchema = z.strictObject({ id: keyIdSchema });
export type ApiKeyIdInput = z.output<typeof apiKeyIdSchema>;
