import { z } from "zod";
import { EXPIRY_CHOICE_NAMES } from "@/lib/api-keys/expiry";
import { KEY_KINDS } from "@/lib/api-keys/kinds";
import { OVERLAP_CHOICE_NAMES } from "@/lib/api-keys/rotate/overlap";
import {
  allowedIpsSchema,
  type ExpiryInput,
  expiryDateSchema,
  keyNameSchema,
  resourceSchema,
  responsibleMemberIdSchema,
} from "@/lib/api-keys/schemas";
import { KEY_STATUSES } from "@/lib/api-keys/status";
import { cursorParameter } from "@/lib/http/page-cursor";
import { scopeCatalog } from "@/lib/permissions/catalog";
import { searchText } from "@/lib/text/plain-text";

const MAX_PAGE_SIZE = 100;

export const uuidSchema = z.uuid();

const isScope = (name: string) => scopeCatalog().access.has(name) || scopeCatalog().teamKeysOnly.has(name);
const scopes = z
  .array(z.string("Name a scope.").refine(isScope, "Unknown scope."), "Send a list of scopes.")
  .min(1, "Select at least one scope.")
  .max(200, "Send at most 200 scopes.")
  .transform((names) => [...new Set(names)]);

const expiresIn = z
  .enum(EXPIRY_CHOICE_NAMES, `Choose one of ${EXPIRY_CHOICE_NAMES.join(", ")}.`)
  .meta({ description: "A lifetime, starting now." });

const expiryFields = {
  expires_in: expiresIn.optional(),
  expires_at: expiryDateSchema.nullable().optional().meta({ description: "A timestamp; null means never." }),
};

type ExpiryFields = { expires_in?: z.output<typeof expiresIn>; expires_at?: Date | null };

/** Converts either way of specifying an expiry to the operations' input; undefined without one. */
function expiryOf({ expires_in, expires_at }: ExpiryFields): ExpiryInput | undefined {
  if (expires_in !== undefined) return { in: expires_in };
  if (expires_at === null) return { in: "never" };
  return expires_at && { at: expires_at };
}

const saysExpiryOnce = ({ expires_in, expires_at }: ExpiryFields) =>
  expires_in === undefined || expires_at === undefined;
const TWO_EXPIRIES = { error: "Send either “expires_in” or “expires_at”.", path: ["expires_at"] };

/** `POST /api-keys`. */
export const createKeySchema = z
  .strictObject({
    name: keyNameSchema.nullable().optional(),
    kind: z.enum(KEY_KINDS, "Choose “personal” or “team”.").default("personal"),
    scopes: scopes.optional(),
    preset: z
      .enum(["full_access", "read_only"], "Choose “full_access” or “read_only”.")
      .optional()
      .meta({ description: "Instead of scopes: all scopes that you can grant, or only the read ones." }),
    ...expiryFields,
    resource: resourceSchema.optional(),
    allowed_ips: allowedIpsSchema.optional(),
    responsible_member_id: responsibleMemberIdSchema.optional(),
  })
  .refine(({ scopes, preset }) => (scopes === undefined) !== (preset === undefined), {
    error: "Send either “scopes” or “preset”.",
    path: ["scopes"],
  })
  .refine(saysExpiryOnce, TWO_EXPIRIES)
  .transform(({ expires_in, expires_at, ...rest }) => ({ ...rest, expiry: expiryOf({ expires_in, expires_at }) }));
export type CreateKeyInput = z.output<typeof createKeySchema>;

/** `PATCH /api-keys/{id}`: omitted fields don't change. */
export const changeKeySchema = z
  .strictObject({
    name: keyNameSchema.nullable().optional(),
    ...expiryFields,
    resource: resourceSchema.optional(),
    allowed_ips: allowedIpsSchema.optional(),
    // Keys contain this field, so clients try to set it; without a message of its own it would be reported as unknown.
    scopes: z.never("Scopes can't be changed. Rotate the key with fewer scopes instead.").optional(),
  })
  .refine((fields) => Object.keys(fields).length > 0, {
    error: "Send at least one field to change.",
    // Other errors imply that something was sent.
    when: ({ issues }) => issues.length === 0,
  })
  .refine(saysExpiryOnce, TWO_EXPIRIES)
  .transform(({ expires_in, expires_at, scopes: _, ...rest }) => ({
    ...rest,
    expiry: expiryOf({ expires_in, expires_at }),
  }));
export type ChangeKeyInput = z.output<typeof changeKeySchema>;

/** `POST /api-keys/{id}/rotate`. */
export const rotateKeySchema = z
  .strictObject({
    overlap: z
      .enum(OVERLAP_CHOICE_NAMES, `Choose one of ${OVERLAP_CHOICE_NAMES.join(", ")}.`)
      .optional()
      .meta({ description: "How long the old token keeps working. Default: the team's policy." }),
    ...expiryFields,
    scopes: scopes.optional().meta({ description: "The scopes to carry over. Default: all that you can grant." }),
    allowed_ips: allowedIpsSchema
      .optional()
      .meta({ description: "The new key's IP addresses and ranges. Default: the old key's." }),
  })
  .refine(saysExpiryOnce, TWO_EXPIRIES)
  .transform(({ overlap, scopes, allowed_ips, ...rest }) => ({
    overlap,
    scopes,
    expiry: expiryOf(rest),
    allowedIps: allowed_ips,
  }));
export type RotateKeyInput = z.output<typeof rotateKeySchema>;

const WHOSE = "Send me, all, or a member's ID. For the team's keys, send kind=team.";

/** The query of `GET /api-keys`. An unknown filter is an error: if ignored, the response would look complete. */
export const listKeysSchema = z.strictObject({
  limit: z.coerce
    .number("Send a whole number.")
    .int("Send a whole number.")
    .min(1, "Send at least 1.")
    .max(MAX_PAGE_SIZE, `Send at most ${MAX_PAGE_SIZE}.`)
    .default(50),
  cursor: cursorParameter.meta({ description: "`next_cursor` of the previous response." }),
  q: searchText(100)
    .optional()
    .meta({ description: "Part of a name, the start of a prefix, or the last four characters." }),
  status: z.enum(KEY_STATUSES, `Choose one of ${KEY_STATUSES.join(", ")}.`).optional(),
  kind: z
    .enum(KEY_KINDS, "Choose “personal” or “team”.")
    .optional()
    .meta({ description: "Only personal keys, or only team keys. Default: both." }),
  owner: z
    // The same message for the ID, because a union reports that of the member that got furthest.
    .union([z.enum(["me", "all"]), z.uuid(WHOSE)], WHOSE)
    .default("all")
    .meta({ description: "Your own keys, a member's, or all that you can see." }),
});
export type ListKeysInput = z.output<typeof listKeysSchema>;

/** The `Idempotency-Key` header. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "Send 1 to 255 visible ASCII characters.")
  .meta({ examples: ["8e03978e-40d5-43dd-bc93-6894a57f9324"] });
