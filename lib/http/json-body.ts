import type { z } from "zod";
import { plainWords } from "@/lib/text/plain-words";

/** A body that is not JSON at all; `code` and `status` are what the caller is told. */
export class BodyError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A JSON body, checked; throws `ZodError`, or a {@link BodyError} for what is not JSON at all. */
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
