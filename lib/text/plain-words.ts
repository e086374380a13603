import type { z } from "zod";

const SHAPES: Record<string, string> = {
  string: "Send text.",
  number: "Send a number.",
  int: "Send a whole number.",
  boolean: "Send true or false.",
  array: "Send a list.",
  object: "Send an object.",
  record: "Send an object.",
  null: "Send null.",
};

const FORMATS: Record<string, string> = {
  uuid: "Send an ID (a UUID).",
  guid: "Send an ID (a UUID).",
  datetime: "Send a timestamp like 2027-05-01T18:00:00Z.",
  date: "Send a date like 2027-05-01.",
  email: "Send an email address.",
  url: "Send a URL like https://example.com.",
};

const UNITS: Record<string, string> = { string: " characters", array: " entries", set: " entries" };

/**
 * Readable messages for schemas without their own: zod's default messages are about types. Passed to `parse`, which
 * prefers a schema's own message.
 */
export const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "This field is required.";
      return SHAPES[issue.expected] ?? "This value has the wrong type.";
    case "invalid_value":
      return `Send one of ${issue.values.map(String).join(", ")}.`;
    case "invalid_format":
      return FORMATS[issue.format] ?? "This value has the wrong format.";
    case "too_big":
      return `Send at most ${issue.maximum}${UNITS[issue.origin] ?? ""}.`;
    case "too_small":
      return `Send at least ${issue.minimum}${UNITS[issue.origin] ?? ""}.`;
    case "unrecognized_keys":
      return "This field doesn't exist.";
    case "invalid_union":
      return "This value matches none of the allowed formats.";
    default:
      return "This value is invalid.";
  }
};
