import { z } from "zod";
import { EXPIRY_CHOICE_NAMES, expiryProblem } from "@/lib/api-keys/expiry";
import { normaliseRange } from "@/lib/api-keys/ip-ranges";
import { KEY_KINDS } from "@/lib/api-keys/kinds";
import { MAX_ALLOWED_IPS, MAX_NAME_LENGTH } from "@/lib/api-keys/limits";
import { resourceFault } from "@/lib/api-keys/resources";
import { OVERLAP_CHOICE_NAMES } from "@/lib/api-keys/rotate/overlap";
import { plainText } from "@/lib/text/plain-text";

const keyId = z.uuid("This is not the id of a key.");

const keyName = plainText(MAX_NAME_LENGTH).transform((name) => name || null);

const expiryDate = z.iso
  .datetime({ offset: true, error: "Choose a date." })
  // Whether it is in the future, the database's clock says.
  .transform((text) => new Date(text));

/** One of the offered lifetimes, or an exact instant. */
const expiry = z.union(
  [z.strictObject({ in: z.enum(EXPIRY_CHOICE_NAMES) }), z.strictObject({ at: expiryDate })],
  "Choose when the key expires.",
);
export type ExpiryInput = z.output<typeof expiry>;

/** The one resource a key reaches, as far as the catalogue knows it; null is the whole team. */
const resource = z
  .strictObject(
    { type: z.string("Choose what the key reaches.").max(64), id: plainText(200) },
    "Choose what the key reaches.",
  )
  .nullable()
  .superRefine((wanted, context) => {
    const fault = wanted && resourceFault(wanted);
    if (fault) context.addIssue({ code: "custom", message: fault.message, path: [fault.part] });
  });

/** Addresses and ranges, each once, as CIDR. */
const allowedIps = z
  .array(z.string("Enter addresses or ranges."), "Enter addresses or ranges.")
  .max(MAX_ALLOWED_IPS, `Enter at most ${MAX_ALLOWED_IPS} addresses and ranges.`)
  .transform((entries, context) => {
    const ranges = entries.map((entry, index) => {
      const read = entry.length > 64 ? { problem: "One of these is too long for an address." } : normaliseRange(entry);
      if ("range" in read) return read.range;
      context.addIssue({ code: "custom", message: read.problem, path: [index] });
      return z.NEVER;
    });
    return [...new Set(ranges)];
  });

const responsibleMemberId = z.uuid("Choose a member of the team.");

export const createApiKeySchema = z.strictObject({
  kind: z.enum(KEY_KINDS, "Choose a personal or a team key.").default("personal"),
  name: keyName.default(null),
  scopes: z
    .array(z.string().max(64), "Pick at least one scope.")
    .min(1, "Pick at least one scope.")
    .max(200, "These are too many scopes.")
    .transform((scopes) => [...new Set(scopes)]),
  expiry,
  resource: resource.default(null),
  allowedIps: allowedIps.default([]),
  /** Of a team key; whoever makes it, unless somebody else is named. */
  responsibleMemberId: responsibleMemberId.optional(),
});
export type CreateApiKeyInput = z.output<typeof createApiKeySchema>;

/** The same for a form, which shows everything that is wrong at once: a date is checked here too, against `now`. */
export const createApiKeyFormSchema = (now: Date) =>
  createApiKeySchema.extend({
    expiry: expiry.superRefine((wanted, context) => {
      const problem = "at" in wanted && expiryProblem(wanted.at, now);
      if (problem) context.addIssue({ code: "custom", message: problem });
    }),
  });

export const renameApiKeySchema = z.strictObject({ id: keyId, name: keyName });
export type RenameApiKeyInput = z.output<typeof renameApiKeySchema>;

export const changeExpirySchema = z.strictObject({ id: keyId, expiry });
export type ChangeExpiryInput = z.output<typeof changeExpirySchema>;

/** What is left out stays as it is. */
export const narrowApiKeySchema = z.strictObject({
  id: keyId,
  resource: resource.optional(),
  allowedIps: allowedIps.optional(),
});
export type NarrowApiKeyInput = z.output<typeof narrowApiKeySchema>;

export const changeResponsibleSchema = z.strictObject({ id: keyId, responsibleMemberId });
export type ChangeResponsibleInput = z.output<typeof changeResponsibleSchema>;

/** Without an overlap the team's default counts, without an expiry the lifetime of the key before, without scopes or addresses its own. */
export const rotateApiKeySchema = z.strictObject({
  id: keyId,
  /** Those of the key before that its successor keeps. */
  scopes: z.array(z.string().max(64)).min(1, "Keep at least one scope.").max(200).optional(),
  overlap: z.enum(OVERLAP_CHOICE_NAMES, "Choose how long the old token goes on working.").optional(),
  expiry: expiry.optional(),
  /** From where the successor may be used, instead of from where the key before may. */
  allowedIps: allowedIps.optional(),
});
export type RotateApiKeyInput = z.output<typeof rotateApiKeySchema>;

export const renewApiKeySchema = z.strictObject({
  id: keyId,
  expiry: expiry.optional(),
  allowedIps: allowedIps.optional(),
});
export type RenewApiKeyInput = z.output<typeof renewApiKeySchema>;

export const apiKeyIdSchema = z.strictObject({ id: keyId });
export type ApiKeyIdInput = z.output<typeof apiKeyIdSchema>;
