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
        summary: "Who am I",
        description: "The key behind the token, its team, its member, and what it may do now.",
        answers: { 200: { description: "The key.", schema: "IdentityAnswer" } },
        problems: [400, 401, 403, 429, 503],
      }),
    },
    "/verify": {
      post: operation({
        ...caller,
        id: "verify",
        summary: "Ask whether tokens are good for something",
        description:
          "By a team key with the scope `keys.verify`, about keys of its own team. Up to 100 tokens at once.",
        body: { schema: "Verification", example: { token: "lk_pat_…", scopes: ["events.read"], ip: "203.0.113.7" } },
        answers: { 200: { description: "A verdict, or one for each of `tokens`.", schema: "VerdictAnswer" } },
        problems: [400, 401, 403, 413, 415, 422, 429, 503],
      }),
    },
    "/introspect": {
      post: operation({
        ...caller,
        id: "introspect",
        summary: "Token introspection (RFC 7662)",
        description:
          'By a team key with the scope `keys.verify`. What is not active, or another team\'s, is exactly `{"active":false}`.',
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
        summary: "A gateway's question on every request",
        description:
          "With the client's own `Authorization`. 200 has no body and carries every `X-Latchkey-*` identity header, empty where " +
          "there is none. Any method is answered, and a body that is sent along is never read.",
        parameters: [
          scopes("scope", "Scopes that every request needs."),
          scopes(
            "read",
            "Scopes that reading needs; the client's method decides, from `X-Forwarded-Method` or `X-Original-Method`.",
          ),
          scopes("write", "Scopes that changing needs."),
          parameter(
            "query",
            "resource",
            "What is to be reached, as `type:id`; `*` where your API compares it itself.",
            text,
          ),
          parameter(
            "query",
            "team",
            "The slug of the team whose keys alone are let in; without it every team's are.",
            text,
          ),
          parameter("query", "preflight", "`allow` lets CORS preflights through without a token.", {
            type: "string",
            enum: ["allow"],
          }),
        ],
        answers: { 200: { description: "Let it through." } },
        problems: [400, 401, 403, 429, 503],
      }),
    },
  };
}
