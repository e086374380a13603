import "server-only";
import { z } from "zod";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import {
  eventListSchema,
  eventSchema,
  identitySchema,
  introspectionRequestSchema,
  introspectionSchema,
  keyListSchema,
  livenessSchema,
  problemSchema,
  readinessSchema,
  sessionTokenSchema,
  success,
  verdictSchema,
} from "@/lib/openapi/answers";
import { createEventSchema } from "@/lib/organizer/events";
import {
  keyJsonSchema,
  madeKeySchema,
  replayedKeySchema,
  replayedRotationSchema,
  rotatedKeySchema,
} from "@/lib/rest/key-json";
import { changeKeySchema, createKeySchema, rotateKeySchema } from "@/lib/rest/schemas";
import { verifySchema } from "@/lib/verification/verify-schema";

/** Request bodies, as sent. */
const REQUESTS = {
  CreateApiKey: createKeySchema,
  ChangeApiKey: changeKeySchema,
  RotateApiKey: rotateKeySchema,
  Verification: verifySchema,
  Introspection: introspectionRequestSchema,
  CreateEvent: createEventSchema,
};

/** Responses. */
const ANSWERS = {
  ApiKey: keyJsonSchema,
  MadeApiKey: madeKeySchema,
  RotatedApiKey: rotatedKeySchema,
  ApiKeyList: keyListSchema,
  ApiKeyAnswer: success(keyJsonSchema),
  MadeApiKeyAnswer: success(madeKeySchema),
  RotatedApiKeyAnswer: success(rotatedKeySchema),
  ReplayedApiKeyAnswer: success(replayedKeySchema),
  ReplayedRotationAnswer: success(replayedRotationSchema),
  SessionTokenAnswer: success(sessionTokenSchema),
  IdentityAnswer: success(identitySchema),
  Verdict: verdictSchema,
  VerdictAnswer: success(z.union([verdictSchema, z.array(verdictSchema)])),
  IntrospectionAnswer: introspectionSchema,
  Event: eventSchema,
  EventAnswer: success(eventSchema),
  EventListAnswer: success(eventListSchema),
  Liveness: livenessSchema,
  Readiness: readinessSchema,
  Problem: problemSchema,
};

export type SchemaName = keyof typeof REQUESTS | keyof typeof ANSWERS;

/** Response schemas by name, for tests that validate real responses. */
export const answerSchemas = ANSWERS;

const pathTo = (name: string) => `#/components/schemas/${name}`;
export const schemaRef = (name: SchemaName) => ({ $ref: pathTo(name) });

export type JsonSchema = Record<string, unknown>;

/** A schema in OpenAPI 3.1's dialect, JSON Schema 2020-12. */
export function jsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, override: readable });
  return rest;
}

function jsonSchemas(schemas: Record<string, z.ZodType>, io: "input" | "output"): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { io, uri: pathTo, override: readable }).schemas;
  const named = Object.entries(made).map(([name, { $schema: _dialect, $id: _id, ...rest }]) => [name, rest]);
  return Object.fromEntries(named);
}

type Made = {
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, unknown>;
};

/**
 * Removes redundant details: patterns that `format` already expresses, JavaScript's integer bounds, and fields that
 * exist only to be rejected.
 */
function readable({ jsonSchema }: { jsonSchema: Made }): void {
  if (jsonSchema.format === "date-time" || jsonSchema.format === "uuid") delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  for (const [name, property] of Object.entries(jsonSchema.properties ?? {})) {
    if (typeof property === "object" && property !== null && "not" in property) delete jsonSchema.properties?.[name];
  }
}

export const componentSchemas = () => ({ ...jsonSchemas(REQUESTS, "input"), ...jsonSchemas(ANSWERS, "output") });

const bearer = (description: string) => ({ type: "http", scheme: "bearer", description });

export const securitySchemes = () => ({
  apiKey: bearer("The token of an API key (RFC 6750)."),
  callerBasic: {
    type: "http",
    scheme: "basic",
    description: "The key's ID as the user, its token as the password.",
  },
  sessionToken: bearer(
    "A session token (`lk_ses_…`), created by a signed-in user for their programs. Expires after one hour.",
  ),
  sessionCookie: {
    type: "apiKey",
    in: "cookie",
    name: sessionCookieName(),
    description:
      "The console's session cookie. Changes must come from the console's origin (`Origin` or `Sec-Fetch-Site`).",
  },
});
