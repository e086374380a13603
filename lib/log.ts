import pino from "pino";
import { withoutSecret } from "@/lib/api-keys/token-shape";

/** Paths of secrets in logged objects, one and two levels deep. */
const SECRET_FIELDS = ["token", "password", "passwordHash", "tokenHash", "secret", "authorization", "cookie"];

/** One JSON object per line on standard output; secrets are masked by field name and by format. */
export const log = pino({
  level: process.env.LOG_LEVEL || "info",
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  redact: {
    paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
    censor: "[redacted]",
  },
  hooks: { streamWrite: withoutSecret },
});
