import { z } from "zod";
import { withoutSecret } from "@/lib/api-keys/token-shape";

/** An email address as it is stored and compared: trimmed, lowercase, at most 254 characters (RFC 5321). */
export const emailSchema = z
  .string("Type your e-mail address.")
  .max(254, "Use at most 254 characters.")
  .transform((email) => email.trim().toLowerCase())
  .pipe(z.email("Type an e-mail address like ada@example.com."))
  .refine((email) => withoutSecret(email) === email, "This is a token, not an e-mail address. Keep it secret.");
