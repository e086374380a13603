import { operation, parameter } from "@/lib/openapi/operation";

const TAG = "Verification";
const caller = { tag: TAG, security: ["apiKey", "callerBasic"] as ["apiKey", "callerBasic"] };
const text = { type: "string" };

const scopes = (name: string, description: string) => parameter("query", name, description, text);

/** The endpoints for verification. */
export function verificationPaths() {
  return {
    "/me": {
      get: operation({
        tag: TAG,
        id: "me",
        security: ["apiKey"],
        summary: "Get the token's key",
        description: "The token's key, its team, its member and its effective scopes.",
        answers: { 200: { description: "The key.", schema: "IdentityAnswer" } },
        problems: [400, 401, 403, 429, 503],
      }),
    },
    "/verify": {
      post: operation({
        ...caller,
        id: "verify",
        summary: "Verify tokens",
        description:
          "Requires a team key with the scope `keys.verify`. It can verify keys of its own team, up to 100 tokens at once.",
        body: { schema: "Verification", example: { token: "lk_pat_…", scopes: ["events.read"], ip: "203.0.113.7" } },
        answers: { 200: { description: "A result, or one for each of `tokens`.", schema: "VerdictAnswer" } },
        problems: [400, 401, 403, 413, 415, 422, 429, 503],
      }),
    },
    "/introspect": {
      post: operation({
        ...caller,
        id: "introspect",
        summary: "Token introspection (RFC 7662)",
        description:
          'Requires a team key with the scope `keys.verify`. For tokens that aren\'t active or belong to another team, the response is exactly `{"active":false}`.',
        body: { schema: "Introspection", type: "application/x-www-form-urlencoded" },
        answers: { 200: { description: "The token's state.", schema: "IntrospectionAnswer" } },
        problems: [400, 401, 403, 413, 415, 429, 503],
      }),
    },
    "/forward-auth": {
      get: operation({
        tag: TAG,
        id: "forwardAuth",
        security: ["apiKey"],
        summary: "Authorize a gateway request",
        description:
          "Pass the client's own `Authorization`. A 200 has no body and carries every `X-Latchkey-*` identity header, empty if " +
          "there is no value. Any method is accepted, and a request body is never read.",
        parameters: [
          scopes("scope", "Scopes that every request needs."),
          scopes(
            "read",
            "Scopes for reading. The client's method decides, from `X-Forwarded-Method` or `X-Original-Method`.",
          ),
          scopes("write", "Scopes for writing."),
          parameter(
            "query",
            "resource",
            "The requested resource, as `type:id`; `*` if your API compares it itself.",
            text,
          ),
          parameter(
            "query",
            "team",
            "The slug of a team: only its keys are allowed. Without it, every team's keys are.",
            text,
          ),
          parameter("query", "preflight", "`allow` permits CORS preflights without a token.", {
            type: "string",
            enum: ["allow"],
          }),
        ],
        answers: { 200: { description: "The request is allowed." } },
        problems: [400, 401, 403, 429, 503],
      }),
    },
  };
}
