import type { z } from "zod";
import { plainWords } from "@/lib/text/plain-words";

/** A body that isn't JSON, with the response's `code` and `status`. */
export class BodyError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Parses and validates a JSON body. Throws `ZodError`, or {@link BodyError} if it isn't JSON. */
export function parseJson<Schema extends z.ZodType>(
  contentType: string | null | undefined,
  text: string,
  schema: Schema,
): z.output<Schema> {
  const type = contentType?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new BodyError(415, "unsupported_media_type", "Send the body as application/json.");
  }
  try {
    return schema.parse(JSON.parse(text), { error: plainWords });
  } catch (error) {
    if (error instanceof SyntaxError) throw new BodyError(400, "invalid_json", "The body is not valid JSON.");
    throw error;
  }
}
