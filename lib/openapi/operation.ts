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
  400: "The request, its `Authorization` or a header can't be read as it is.",
  401: "Nobody was let in: nothing was presented, or it is not good (any more).",
  403: "Whoever it is may not do this.",
  404: "There is no such thing, or not in this team.",
  409: "It can't be done in the state that things are in, or a limit has been reached.",
  413: "The body is over 64 KB.",
  415: "The body has another type than the one that is read here.",
  422: "Fields can't be used as they are; `errors` names them.",
  429: "Too many bad tokens came from this address, or you did this too often; see `Retry-After`.",
  503: "The database can't answer; nothing was decided. See `Retry-After`. With the code `outcome_unknown` it went away while a change was being saved, which may have been made.",
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
