import { z } from "zod";
import { KEY_KINDS } from "@/lib/api-keys/kinds";
import { keyJsonSchema } from "@/lib/rest/key-json";

const instant = z.iso.datetime();

/** All errors of the API (RFC 9457). */
export const problemSchema = z.strictObject({
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: "A human-readable explanation." }),
  instance: z.string().optional().meta({ description: "The request ID, as in X-Request-Id." }),
  success: z.literal(false),
  code: z.string().meta({ description: "A stable code for programs." }),
  errors: z
    .array(
      z.strictObject({
        pointer: z.string().optional().meta({ description: "A field of the body, as a JSON pointer (RFC 6901)." }),
        parameter: z.string().optional().meta({ description: "A query parameter's name." }),
        detail: z.string(),
      }),
    )
    .optional()
    .meta({ description: "All invalid fields or parameters." }),
});

/** The format of successful responses. */
export const success = <Data extends z.ZodType>(data: Data) => z.strictObject({ success: z.literal(true), data });

export const keyListSchema = z.strictObject({
  success: z.literal(true),
  data: z.array(keyJsonSchema),
  next_cursor: z
    .string()
    .nullable()
    .meta({ description: "Pass it as `cursor` to get the next page; null on the last page." }),
});

export const sessionTokenSchema = z.strictObject({
  token: z.string().meta({ description: "The secret, only in this response." }),
  expires_at: instant,
});

const presentedKeySchema = z.strictObject({
  id: z.uuid(),
  name: z.string().nullable(),
  kind: z.enum(KEY_KINDS),
  prefix: z.string(),
  last_four: z.string(),
  scopes: z.array(z.string()).meta({ description: "The key's scopes as granted." }),
  resource: z.string().nullable(),
  allowed_ips: z.array(z.string()),
  created_at: instant,
});

const confirmedEmail = z.string().meta({ description: "Empty until the email is confirmed." });

const identity = {
  key: presentedKeySchema,
  team: z.strictObject({ id: z.uuid(), slug: z.string(), name: z.string() }),
  member: z.strictObject({ id: z.uuid(), name: z.string(), email: confirmedEmail, role: z.string() }).nullable(),
  scopes: z.array(z.string()).meta({ description: "The effective scopes." }),
  expires_at: instant.nullable(),
};

/** `GET /me`. */
export const identitySchema = z.strictObject(identity);

const VERDICTS = [
  "valid",
  "not_found",
  "revoked",
  "expired",
  "owner_inactive",
  "ip_not_allowed",
  "insufficient_scope",
  "wrong_resource",
] as const;

const missing = { missing_scopes: z.array(z.string()).optional() };

/** The result of `POST /verify` for one token. */
export const verdictSchema = z.union([
  z.strictObject({ valid: z.literal(false), code: z.enum(["not_found"]), key: z.null() }),
  z.strictObject({ valid: z.boolean(), code: z.enum(VERDICTS), ...identity, ...missing }),
]);

/** RFC 7662, section 2.2. */
export const introspectionSchema = z.union([
  z.strictObject({ active: z.literal(false) }),
  z.strictObject({
    active: z.literal(true),
    scope: z.string(),
    client_id: z.uuid(),
    username: z.string().optional(),
    token_type: z.literal("Bearer"),
    exp: z.int().optional(),
    iat: z.int(),
    sub: z.uuid(),
    jti: z.uuid(),
    key_name: z.string().nullable(),
    key_kind: z.enum(KEY_KINDS),
    team: z.string(),
    team_id: z.uuid(),
    resource: z.string().optional(),
  }),
]);

export const introspectionRequestSchema = z.object({
  token: z.string(),
  ip: z.string().optional().meta({ description: "The IP address of the client that sent the token." }),
});

export const eventSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  starts_at: instant,
  created_at: instant,
});

export const eventListSchema = z.strictObject({ events: z.array(eventSchema), next_cursor: z.string().nullable() });

export const livenessSchema = z.strictObject({ status: z.literal("ok") });

export const readinessSchema = z.strictObject({
  status: z.enum(["ok", "unavailable"]),
  checks: z.record(z.string(), z.string()),
});
