import { z } from "zod";
import { normalizeIp } from "@/lib/api-keys/ip-ranges";

const MAX_TOKENS = 100;
const token = z.string().max(1_000);

/** The body of `POST /api/v1/verify`: one token or up to a hundred, and what each must be good for. */
export const verifySchema = z
  .strictObject({
    token: token.optional(),
    tokens: z.array(token).min(1).max(MAX_TOKENS, `Send at most ${MAX_TOKENS} tokens.`).optional(),
    scopes: z.array(z.string().min(1).max(64)).max(200).optional(),
    resource: z
      .union([z.string().min(1).max(300), z.strictObject({ type: z.string().max(64), id: z.string().max(200) })])
      .transform((resource) => (typeof resource === "string" ? resource : `${resource.type}:${resource.id}`))
      .optional(),
    ip: z
      .string()
      .transform((text, context) => {
        const ip = normalizeIp(text);
        if (ip === undefined) context.addIssue({ code: "custom", message: "This isn't an IP address." });
        return ip ?? null;
      })
      .optional(),
    method: z
      .string()
      .regex(/^[A-Za-z]{1,20}$/, "This isn't an HTTP method.")
      .transform((method) => method.toUpperCase())
      .optional(),
  })
  .refine(({ token, tokens }) => (token === undefined) !== (tokens === undefined), {
    error: "Send either “token” or “tokens”.",
    path: ["token"],
  });
