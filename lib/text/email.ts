import { z } from "zod";
import { withoutSecret } from "@/lib/api-keys/token-shape";

/** An email address as it is stored and compared: trimmed, lowercase, at most 254 characters (RFC 5321). */
export const emailSchema = z
  .string("Enter your email address.")
  .max(254, "Use at most 254 characters.")
  .transform((email) => email.trim().toLowerCase())
  .pipe(z.email("Enter an email address like ada@example.com."))
  .refine((email) => withoutSecret(email) === email, "This is a token, not an email address. Keep it secret.");
