import { z } from "zod";
import { plainText } from "@/lib/text/plain-text";

export const changeNameSchema = z.strictObject({
  name: plainText(80).pipe(z.string().min(1, "Enter your name.")),
});
export type ChangeNameInput = z.output<typeof changeNameSchema>;

export const changePasswordSchema = z.strictObject({
  current: z
    .string("Enter your current password.")
    .min(1, "Enter your current password.")
    .max(1_024, "This is too long."),
  password: z.string("Choose a password.").max(1_024, "Use at most 128 characters."),
});
export type ChangePasswordInput = z.output<typeof changePasswordSchema>;

export const sessionIdSchema = z.strictObject({ id: z.uuid() });
export const confirmationCodeSchema = z.strictObject({ code: z.string("This link can't be used.").max(64) });
export type ConfirmationCodeInput = z.output<typeof confirmationCodeSchema>;
export const nothingSchema = z.strictObject({});
