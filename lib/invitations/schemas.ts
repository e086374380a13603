import { z } from "zod";
import { emailSchema } from "@/lib/text/email";
import { plainText } from "@/lib/text/plain-text";

export const inviteSchema = z.strictObject({
  /** Null for a link that anyone can use. */
  email: z.preprocess((email) => (email === "" ? null : email), emailSchema.nullable()),
  roleId: z.uuid("Choose a role."),
});
export type InviteInput = z.output<typeof inviteSchema>;

export const invitationIdSchema = z.strictObject({ id: z.uuid() });
export type InvitationIdInput = z.output<typeof invitationIdSchema>;

/** For invitees without an account. The email is used only if the invitation doesn't specify one. */
export const newAccountSchema = z.strictObject({
  name: plainText(80).pipe(z.string().min(1, "Enter your name.")),
  email: z.preprocess((email) => (email === "" ? null : email), emailSchema.nullable()),
  password: z.string("Choose a password.").max(65_536),
});
export type NewAccountInput = z.output<typeof newAccountSchema>;
