import { z } from "zod";
import { withoutSecret } from "@/lib/api-keys/token-shape";

// Control characters and Unicode line breaks; PostgreSQL rejects NUL (error 22021), the others only serve to forge
// lines.
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** One line of text that is stored: trimmed, without control characters, lone surrogates or tokens. */
export function plainText(maxLength: number) {
  return lineOfText(maxLength).refine(
    (text) => withoutSecret(text) === text,
    "This is a token, not a name. Keep it secret, and enter a name.",
  );
}

/** One line of search text; a pasted token is cut to its start. */
export function searchText(maxLength: number) {
  return lineOfText(maxLength).transform(withoutSecret);
}

/** One line of text that isn't stored. */
export function lineOfText(maxLength: number) {
  return z
    .string("Enter some text.")
    .max(maxLength, `Use at most ${maxLength} characters.`)
    .refine((text) => text.isWellFormed(), "This text contains an invalid character. Enter it again.")
    .refine((text) => !CONTROL.test(text), "Line breaks and control characters are not allowed.")
    .transform((text) => text.trim().normalize("NFC"));
}
