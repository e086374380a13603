import type { z } from "zod";
import { type JsonSchema, jsonSchema, type SchemaName, schemaRef } from "@/lib/openapi/components";

type Security = "apiKey" | "callerBasic" | "sessionToken" | "sessionCookie";

type Described = {
  id: string;
  tag: string;
  summary: string;
  description?: string;
  /** Any of them; empty if public. */
  security: Security[];
  parameters?: object[];
  body?: { schema: SchemaName; type?: string; isRequired?: boolean; example?: unknown };
  answers: Record<number, Answer>;
  /** Statuses with a problem body. */
  problems: (keyof typeof PROBLEMS)[];
};

type Answer = { description: string; schema?: SchemaName; type?: string; headers?: Record<string, object> };

const PROBLEMS = {
  400: "The request, its `Authorization` or another header is malformed.",
  401: "No credential was sent, or it isn't valid.",
  403: "The caller isn't allowed to do this.",
  404: "It doesn't exist, or isn't accessible to the caller.",
  409: "The current state doesn't allow it, or a limit has been reached.",
  413: "The body is over 64 KB.",
  415: "The body's content type isn't supported here.",
  422: "Fields or parameters are invalid; `errors` lists them.",
  429: "Too many invalid tokens came from this IP address, or you did this too often; see `Retry-After`.",
  503: "The database can't respond, so no decision was made; see `Retry-After`. With the code `outcome_unknown`, the connection was lost while a change was being saved, so it may have been made.",
};

/** An operation of the document. */
export function operation({ id, tag, summary, description, security, parameters, body, answers, problems }: Described) {
  const shown = Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)]);
  const refused = problems.map((status) => [String(status), { $ref: `#/components/responses/Problem${status}` }]);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description,
    security: security.map((name) => ({ [name]: [] })),
    parameters,
    requestBody: body && {
      required: body.isRequired ?? true,
      content: { [body.type ?? "application/json"]: { schema: schemaRef(body.schema), example: body.example } },
    },
    responses: Object.fromEntries([...shown, ...refused]),
  };
}

function answerOf({ description, schema, type, headers }: Answer) {
  const content = schema
    ? { "application/json": { schema: schemaRef(schema) } }
    : type && { [type]: { schema: { type: "string" } } };
  return { description, headers, content };
}

/** The shared problem responses. */
export function problemResponses() {
  const content = { "application/problem+json": { schema: schemaRef("Problem") } };
  return Object.fromEntries(
    Object.entries(PROBLEMS).map(([status, description]) => [`Problem${status}`, { description, content }]),
  );
}

/** Query parameters, from the schema that parses them. */
export function queryParameters(schema: z.ZodObject): object[] {
  const { properties = {} } = jsonSchema(schema, "input") as { properties?: Record<string, JsonSchema> };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: "query",
    description,
    schema: rest,
  }));
}

export function parameter(place: "query" | "header" | "path", name: string, description: string, schema: JsonSchema) {
  return { name, in: place, required: place === "path", description, schema };
}
