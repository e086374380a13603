import { z } from "zod";
import { fieldSchemas, fieldsOf, instantSchema } from "@/lib/api-keys/columns";
import { apiKeyDto } from "@/lib/api-keys/dto";
import type { KeyRecord } from "@/lib/api-keys/read-keys";
import { KEY_STATUSES } from "@/lib/api-keys/status";

const ownerSchema = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("member"), id: z.uuid(), name: z.string(), email: z.string() }),
    z.strictObject({ type: z.literal("team"), id: z.uuid(), name: z.string() }),
  ])
  .meta({ description: "The key's owner: the member it acts as, or the team." });

const { revoked_at: _, ...fields } = fieldSchemas;

/** A key in the REST API. */
export const keyJsonSchema = z.strictObject({
  ...fields,
  resource: z
    .strictObject({ type: z.string(), id: z.string() })
    .nullable()
    .meta({ description: "The resource that the key is restricted to; null means the whole team." }),
  withheld_scopes: z.array(z.string()).meta({
    description: "Scopes that are inactive because the member's role or the catalog no longer includes them.",
  }),
  status: z.enum(KEY_STATUSES),
  last_used_at: instantSchema.nullable(),
  owner: ownerSchema,
  owner_inactive: z.boolean().meta({
    description: "Whether the key is denied because its member or their account is disabled or removed.",
  }),
  replaced_by: z.uuid().nullable(),
});
export type KeyJson = z.output<typeof keyJsonSchema>;

const token = z.string().meta({ description: "The secret, only in this response." });
const noToken = z.null().meta({ description: "Null, because the request that created the key returned it." });

const rotation = {
  predecessor: keyJsonSchema,
  dropped_scopes: z.array(z.string()).meta({ description: "Scopes of the old key that you can no longer grant." }),
};

/** A newly created key, the only response with its token. */
export const madeKeySchema = keyJsonSchema.extend({ token });
/** The same for a rotation, with the current state of the old key. */
export const rotatedKeySchema = madeKeySchema.extend(rotation);

/** The response to a repeated request with the same Idempotency-Key. */
export const replayedKeySchema = keyJsonSchema.extend({ token: noToken });
export const replayedRotationSchema = replayedKeySchema.extend(rotation);

export type MadeKeyJson = z.output<typeof madeKeySchema> | z.output<typeof replayedKeySchema>;
export type RotatedKeyJson = z.output<typeof rotatedKeySchema> | z.output<typeof replayedRotationSchema>;

export function keyJson(key: KeyRecord, now: Date): KeyJson {
  const { revoked_at: _, ...fields } = fieldsOf(key);
  const { withheldScopes, status, lastUsedAt, isOwnerInactive, successorId } = apiKeyDto(key, now);
  return {
    ...fields,
    resource: resourceJson(key.resource),
    withheld_scopes: withheldScopes,
    status,
    last_used_at: lastUsedAt,
    owner: ownerJson(key),
    owner_inactive: isOwnerInactive,
    replaced_by: successorId,
  };
}

/** Splits `event:018f…`; the ID can contain a colon itself. */
function resourceJson(resource: string | null): KeyJson["resource"] {
  if (resource === null) return null;
  const colon = resource.indexOf(":");
  return { type: resource.slice(0, colon), id: resource.slice(colon + 1) };
}

function ownerJson({ member, ownerEmail, team }: KeyRecord): KeyJson["owner"] {
  if (member === null) return { type: "team", id: team.id, name: team.name };
  return { type: "member", id: member.id, name: member.user.name, email: ownerEmail ?? "" };
}
