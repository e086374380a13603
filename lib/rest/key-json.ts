import { z } from "zod";
import { withheldScopes } from "@/lib/api-keys/dto";
import { KEY_KINDS } from "@/lib/api-keys/kinds";
import { KEY_STATUSES, keyStatus } from "@/lib/api-keys/status";

const instant = z.iso.datetime().meta({ examples: ["2027-05-01T18:00:00.000Z"] });

const ownerSchema = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("member"), id: z.uuid(), name: z.string(), email: z.string() }),
    z.strictObject({ type: z.literal("team"), id: z.uuid(), name: z.string() }),
  ])
  .meta({ description: "Whose key it is: the member it acts as, or the team." });

/** A key as the REST API tells of it. */
export const keyJsonSchema = z.strictObject({
  id: z.uuid(),
  name: z
    .string()
    .nullable()
    .meta({ examples: ["Zapier production"] }),
  prefix: z
    .string()
    .meta({ description: "The start of the token: its prefix and four characters.", examples: ["lk_pat_93f4"] }),
  last_four: z.string().meta({ examples: ["528c"] }),
  kind: z.enum(KEY_KINDS),
  scopes: z.array(z.string()).meta({ examples: [["events.read"]] }),
  withheld_scopes: z
    .array(z.string())
    .meta({ description: "Those of the scopes that don't work now: the member's role, or the API, has them no more." }),
  resource: z
    .strictObject({ type: z.string(), id: z.string() })
    .nullable()
    .meta({ description: "The one resource that the key is narrowed to; null means the whole team." }),
  allowed_ips: z.array(z.string()).meta({ description: "Where it may be used from (CIDR); empty means anywhere." }),
  status: z.enum(KEY_STATUSES),
  created_at: instant,
  expires_at: instant.nullable(),
  last_used_at: instant.nullable(),
  owner: ownerSchema,
  owner_inactive: z.boolean().meta({
    description: "Whether the key is refused because its member, or their account, is disabled or removed.",
  }),
  replaces: z.uuid().nullable().meta({ description: "The key whose place this one took when that was rotated." }),
  replaced_by: z.uuid().nullable(),
});
export type KeyJson = z.output<typeof keyJsonSchema>;

const token = z.string().meta({ description: "The secret, in this answer alone." });
const noToken = z.null().meta({ description: "It was told once, by the request that made the key." });

const rotation = {
  predecessor: keyJsonSchema,
  dropped_scopes: z
    .array(z.string())
    .meta({ description: "Scopes of the key before that you may not give a key any more." }),
};

/** A key that was just made: the one answer that has its token. */
export const madeKeySchema = keyJsonSchema.extend({ token });
/** The same for a rotation, with the key before as it is now. */
export const rotatedKeySchema = madeKeySchema.extend(rotation);

/** Either again, when a request with this Idempotency-Key had made the key before. */
export const replayedKeySchema = keyJsonSchema.extend({ token: noToken });
export const replayedRotationSchema = replayedKeySchema.extend(rotation);

export type MadeKeyJson = z.output<typeof madeKeySchema> | z.output<typeof replayedKeySchema>;
export type RotatedKeyJson = z.output<typeof rotatedKeySchema> | z.output<typeof replayedRotationSchema>;

/** What the database tells of a key, with whom it belongs to. */
export type KeyRow = {
  id: string;
  name: string | null;
  kind: KeyJson["kind"];
  token_start: string;
  token_last_four: string;
  scopes: string[];
  resource: string | null;
  allowed_ips: string[];
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
  member_id: string | null;
  member_name: string | null;
  member_email: string | null;
  member_inactive: boolean;
  /** What the member's role grants; null for a team key. */
  role_grants_all: boolean | null;
  role_permissions: string[] | null;
  team_id: string;
  team_name: string;
  rotated_from_id: string | null;
  rotated_to_id: string | null;
};

export function keyJson(row: KeyRow, now: Date): KeyJson {
  return {
    id: row.id,
    name: row.name,
    prefix: row.token_start,
    last_four: row.token_last_four,
    kind: row.kind,
    scopes: row.scopes,
    withheld_scopes: withheldScopes({ kind: row.kind, scopes: row.scopes, role: roleOf(row) }),
    resource: resourceJson(row.resource),
    allowed_ips: row.allowed_ips,
    status: keyStatus({ revokedAt: row.revoked_at, expiresAt: row.expires_at }, now),
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    owner: ownerJson(row),
    owner_inactive: row.member_inactive,
    replaces: row.rotated_from_id,
    replaced_by: row.rotated_to_id,
  };
}

function roleOf({ role_grants_all, role_permissions }: KeyRow) {
  return role_permissions && { grantsAll: role_grants_all ?? false, permissions: role_permissions };
}

/** `event:018f…` in its two parts; an id may have a colon itself. */
function resourceJson(resource: string | null): KeyJson["resource"] {
  if (resource === null) return null;
  const colon = resource.indexOf(":");
  return { type: resource.slice(0, colon), id: resource.slice(colon + 1) };
}

function ownerJson({ member_id, member_name, member_email, team_id, team_name }: KeyRow): KeyJson["owner"] {
  if (member_id === null) return { type: "team", id: team_id, name: team_name };
  return { type: "member", id: member_id, name: member_name ?? "", email: member_email ?? "" };
}
