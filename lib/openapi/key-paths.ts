import { jsonSchema } from "@/lib/openapi/components";
import { operation, parameter, queryParameters } from "@/lib/openapi/operation";
import { idempotencyKeySchema, listKeysSchema } from "@/lib/rest/schemas";

const TAG = "API keys";
const PERSON = ["sessionToken", "sessionCookie"] as const;
const person = { tag: TAG, security: [...PERSON] };

const team = parameter("header", "X-Team", "The team's slug. Optional if you're in a single team.", { type: "string" });
const keyId = parameter("path", "id", "The key's ID.", { type: "string", format: "uuid" });
const idempotencyKey = parameter(
  "header",
  "Idempotency-Key",
  "Makes retries safe for a day: repeating the request creates no second key. The response is then 200 with " +
    "`Idempotency-Replayed: true` and without the token, which is shown only once. Reusing it for another request is 422.",
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
        description: "Your own, the team's and other members' keys, as far as your role allows; newest first.",
        parameters: [team, ...queryParameters(listKeysSchema)],
        answers: { 200: { description: "A page of keys.", schema: "ApiKeyList" } },
        problems: [400, 401, 403, 404, 422, 503],
      }),
      post: operation({
        ...person,
        id: "createApiKey",
        summary: "Create a key",
        description:
          "Without a lifetime, the team's default applies. You can grant only scopes that your own role includes.",
        parameters: [team, idempotencyKey],
        body: {
          schema: "CreateApiKey",
          example: { name: "Zapier production", kind: "personal", preset: "read_only", expires_in: "90d" },
        },
        answers: {
          200: {
            description: "The key that this request created before, without its token.",
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
        summary: "Get a key",
        parameters: [team, keyId],
        answers: { 200: { description: "The key.", schema: "ApiKeyAnswer" } },
        problems: [400, 401, 403, 404, 503],
      }),
      patch: operation({
        ...person,
        id: "changeApiKey",
        summary: "Update a key",
        description:
          "Change the name, expiration, resource or IP allowlist. Omitted fields don't change. All changes are made, or none.",
        parameters: [team, keyId],
        body: { schema: "ChangeApiKey", example: { name: "Zapier staging", allowed_ips: ["203.0.113.0/24"] } },
        answers: { 200: { description: "The updated key.", schema: "ApiKeyAnswer" } },
        problems: [400, 401, 403, 404, 409, 413, 415, 422, 503],
      }),
      delete: operation({
        ...person,
        id: "revokeApiKey",
        summary: "Revoke a key",
        description:
          "Requests with the key fail immediately. This can't be undone. The key stays in the list. Revoking again is 200; " +
          "an expired key is 409.",
        parameters: [team, keyId],
        answers: { 200: { description: "The revoked key.", schema: "ApiKeyAnswer" } },
        problems: [400, 401, 403, 404, 409, 503],
      }),
    },
    "/api-keys/{id}/rotate": {
      post: operation({
        ...person,
        id: "rotateApiKey",
        summary: "Rotate a key",
        description:
          "Creates a replacement with the same configuration. The old token works until the grace period (`overlap`) ends.",
        parameters: [team, keyId, idempotencyKey],
        body: { schema: "RotateApiKey", isRequired: false, example: { overlap: "24h" } },
        answers: {
          200: {
            description: "The key that this request created before, without its token.",
            schema: "ReplayedRotationAnswer",
            ...REPLAYED,
          },
          201: { description: "The new key and its token.", schema: "RotatedApiKeyAnswer", ...CREATED },
        },
        problems: [400, 401, 403, 404, 409, 413, 415, 422, 503],
      }),
    },
    "/session-token": {
      post: operation({
        tag: TAG,
        security: ["sessionCookie"],
        id: "createSessionToken",
        summary: "Create a session token",
        description: "For programs that manage keys on your behalf. Expires after one hour or with your session.",
        answers: { 201: { description: "The token.", schema: "SessionTokenAnswer" } },
        problems: [400, 401, 403, 429, 503],
      }),
    },
  };
}
