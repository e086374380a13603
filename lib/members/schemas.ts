import { z } from "zod";
import { KEY_FATES } from "@/lib/members/key-fates";
import { searchText } from "@/lib/text/plain-text";

export const memberIdSchema = z.strictObject({ id: z.uuid() });
export type MemberIdInput = z.output<typeof memberIdSchema>;

/** `email` is the address that was shown; a different one isn't confirmed. */
export const confirmAddressSchema = z.strictObject({ id: z.uuid(), email: z.string().max(254) });
export type ConfirmAddressInput = z.output<typeof confirmAddressSchema>;

export const changeMemberRoleSchema = z.strictObject({ id: z.uuid(), roleId: z.uuid("Choose a role.") });
export type ChangeMemberRoleInput = z.output<typeof changeMemberRoleSchema>;

/** Listed keys without a choice are revoked. */
export const removeMemberSchema = z.strictObject({
  id: z.uuid(),
  /** The keys that were shown; a newer one is a conflict. */
  listed: z.array(z.uuid()).max(10_000),
  keys: z
    .array(z.strictObject({ id: z.uuid(), fate: z.enum(KEY_FATES) }))
    .max(1_000)
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, "A key is listed twice."),
  /** Required if a key retains its token, which the leaving member still knows. */
  acceptsKnownTokens: z.boolean(),
});
export type RemoveMemberInput = z.output<typeof removeMemberSchema>;

export const memberSearchSchema = searchText(100).catch("");
