import { z } from "zod";

// Controls and the Unicode line breaks; PostgreSQL refuses NUL (error 22021), the others only serve to forge lines.
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** One line of text a person types: trimmed, without controls or lone surrogates. */
export function plainText(maxLength: number) {
  return z
    .string("Type some text here.")
    .max(maxLength, `Use at most ${maxLength} characters.`)
    .refine((text) => text.isWellFormed(), "This text has a broken character in it. Type it again.")
    .refine((text) => !CONTROL.test(text), "Line breaks and control characters are not allowed.")
    .transform((text) => text.trim().normalize("NFC"));
}
