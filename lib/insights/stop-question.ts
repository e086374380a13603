import { z } from "zod";
import { readPasted } from "@/lib/insights/pasted-token";
import { lineOfText } from "@/lib/text/plain-text";

const MAX_QUESTION_LENGTH = 100;

/** A request ID, or a key's ID, name or prefix; never a token. */
const text = lineOfText(MAX_QUESTION_LENGTH)
  .refine((typed) => typed.length > 0, "Enter a request ID, a key or a token.")
  .refine((typed) => readPasted(typed).kind === "text", "This is part of a token. Paste all of it, or only its start.");

/** The input: a text, or the SHA-256 of a token that stays in the browser. */
export const stopQuestionSchema = z.union([
  z.strictObject({ text }),
  z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/, "This isn't a SHA-256 hash.") }),
]);
export type StopQuestion = z.output<typeof stopQuestionSchema>;
