import { describe, expect, test } from "vitest";
import { z } from "zod";
import { failure } from "@/lib/action-result";
import { createApiKeySchema } from "@/lib/api-keys/schemas";
import { AppError } from "@/lib/errors";

const good = { name: "Zapier", scopes: ["events.read"], expiry: { in: "90d" } };

function fieldsFor(input: Record<string, unknown>): Record<string, string> {
  const { error } = createApiKeySchema.safeParse({ ...good, ...input });
  const result = failure(error);
  expect(result).toMatchObject({ ok: false, error: { code: "invalid" } });
  return result.error.fields;
}

describe("what a form is told", () => {
  test("of a refusal is its code, its sentence and its fields", () => {
    const refusal = new AppError("forbidden", "Your role doesn't include events.write.", { scopes: "Not yours." });
    expect(failure(refusal)).toEqual({
      ok: false,
      error: {
        code: "forbidden",
        message: "Your role doesn't include events.write.",
        fields: { scopes: "Not yours." },
      },
    });
  });

  test.each([
    [{ name: "x".repeat(81) }, { name: "Use at most 80 characters." }],
    [{ scopes: [] }, { scopes: "Select at least one scope." }],
    [{ expiry: { at: "soon" } }, { expiry: "Choose a date." }],
    [{ expiry: {} }, { expiry: "Choose when the key expires." }],
    [
      { name: "a\nb", scopes: [] },
      { name: "Line breaks and control characters are not allowed.", scopes: "Select at least one scope." },
    ],
  ])("of wrong input is one sentence for each field: %j", (input, fields) => {
    expect(fieldsFor(input)).toEqual(fields);
  });

  test("of wrong input deep in a field stands at that field", () => {
    const { error } = z.object({ list: z.array(z.string("Not a text.")) }).safeParse({ list: ["a", 1] });
    expect(failure(error).error.fields).toEqual({ list: "Not a text." });
  });

  test.each([
    new Error("password=hunter2 at 10.0.0.7"),
    "hunter2",
    undefined,
    { message: "hunter2", code: "forbidden" },
  ])("of a defect is that nothing was done, and no word of its text", (defect) => {
    const result = failure(defect);
    expect(result).toMatchObject({ ok: false, error: { code: "unavailable", fields: {} } });
    expect(JSON.stringify(result)).not.toMatch(/hunter2|10\.0\.0\.7/);
  });
});
