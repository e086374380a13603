import { jsonSchema } from "@/lib/openapi/components";
import { operation, parameter, queryParameters } from "@/lib/openapi/operation";
import { idempotencyKeySchema, listKeysSchema } from "@/lib/rest/schemas";

const TAG = "API keys";
const PERSON = ["sessionToken", "sessionCookie"] as const;
const person = { tag: TAG, security: [...PERSON] };

const team = parameter("header", "X-Team", "The team's slug. Not needed by whoever has one team.", { type: "string" });
const keyId = parameter("path", "id", "The key's id.", { type: "string", format: "uuid" });
const idempotencyKey = parameter(
  "header",
  "Idempotency-Key",
  "Names the request for a day, so that sending it again makes no second key. The answer then is 200 with " +
    "`Idempotency-Replayed: true` and without the token, which was told once. The same name for another request is 422.",
  jsonSchema(idempotencyKeySchema, "input"),
);

const REPLAYED = {
  headers: { "Idempotency-Replayed": { schema: { type: "string", enum: ["true"] } } },
};
const CREATED = { headers: { Location: { schema: { type: "string" } } } };

/** The endpoints for managing keys. */
export function keyPaths() {
  return {
    "/api-keys": {
      get: operation({
        ...person,
        id: "listApiKeys",
        summary: "List keys",
        description:
          "Your own, the team's and other members' keys, as far as your role lets you see them; newest first.",
        parameters: [team, ...queryParameters(listKeysSchema)],
        answers: { 200: { description: "A page of keys.", schema: "ApiKeyList" } },
        problems: [400, 401, 403, 404, 422, 503],
      }),
      post: operation({
        ...person,
        id: "createApiKey",
        summary: "Create a key",
        description: "Without a lifetime the team's default counts. Nobody gives a key more than their own role has.",
        parameters: [team, idempotencyKey],
        body: {
          schema: "CreateApiKey",
          example: { name: "Zapier production", kind: "personal", preset: "read_only", expires_in: "90d" },
        },
        answers: {
          200: {
            description: "The key that this request had made before; no token.",
            schema: "ReplayedApiKeyAnswer",
            ...REPLAYED,
          },
          201: { description: "The key and its token.", schema: "MadeApiKeyAnswer", ...CREATED },
        },
        problems: [400, 401, 403, 404, 409, 413, 415, 422, 503],
      }),
    },
    "/api-keys/{id}": {
      get: operation({
        ...person,
        id: "getApiKey",
        summary: "Look at a key",
        parameters: [team, keyId],
        answers: { 200: { description: "The key.", schema: "ApiKeyAnswer" } },
        problems: [400, 401, 403, 404, 503],
      }),
      patch: operation({
        ...person,
        id: "changeApiKey",
        summary: "Rename a key, change its expiry, narrow it",
        description: "What is left out stays as it is. All of it happens, or nothing.",
        parameters: [team, keyId],
        body: { schema: "ChangeApiKey", example: { name: "Zapier staging", allowed_ips: ["203.0.113.0/24"] } },
        answers: { 200: { description: "The key as it is now.", schema: "ApiKeyAnswer" } },
        problems: [400, 401, 403, 404, 409, 413, 415, 422, 503],
      }),
      delete: operation({
        ...person,
        id: "revokeApiKey",
        summary: "Revoke a key",
        description:
          "The next request that presents it is refused, and that can't be undone. The record stays. Revoking again is 200; " +
          "a key that has expired by itself is 409.",
        parameters: [team, keyId],
        answers: { 200: { description: "The revoked key.", schema: "ApiKeyAnswer" } },
        problems: [400, 401, 403, 404, 409, 503],
      }),
    },
    "/api-keys/{id}/rotate": {
      post: operation({
        ...person,
        id: "rotateApiKey",
        summary: "Replace a key by a new one",
        description: "The successor is configured like the key before, whose token works until the overlap ends.",
        parameters: [team, keyId, idempotencyKey],
        body: { schema: "RotateApiKey", isRequired: false, example: { overlap: "24h" } },
        answers: {
          200: {
            description: "What this request had made before; no token.",
            schema: "ReplayedRotationAnswer",
            ...REPLAYED,
          },
          201: { description: "The successor and its token.", schema: "RotatedApiKeyAnswer", ...CREATED },
        },
        problems: [400, 401, 403, 404, 409, 413, 415, 422, 503],
      }),
    },
    "/session-token": {
      post: operation({
        tag: TAG,
        security: ["sessionCookie"],
        id: "createSessionToken",
        summary: "Make a session token",
        description:
          "For programs that manage keys as you. It lives an hour, and ends with the session you make it in.",
        answers: { 201: { description: "The token.", schema: "SessionTokenAnswer" } },
        problems: [400, 401, 403, 429, 503],
      }),
    },
  };
}
