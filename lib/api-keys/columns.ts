import { z } from "zod";
import type { ApiKey } from "@/generated/prisma/client";
import { KEY_KINDS } from "@/lib/api-keys/kinds";

export const instantSchema = z.iso.datetime().meta({ examples: ["2027-05-01T18:00:00.000Z"] });

/**
 * The columns of a key that may leave the server, which its token's hash must not. They determine what is read, passed to
 * screens, returned by the REST API, described in OpenAPI, and exported. `field` and `schema` are the name and value in
 * JSON and exports.
 */
export const KEY_COLUMNS = {
  id: { field: "id", schema: z.uuid() },
  name: {
    field: "name",
    schema: z
      .string()
      .nullable()
      .meta({ examples: ["Zapier production"] }),
  },
  tokenStart: {
    field: "prefix",
    schema: z.string().meta({
      description: "The start of the token: its prefix and four characters.",
      examples: ["lk_pat_93f4"],
    }),
  },
  tokenLastFour: { field: "last_four", schema: z.string().meta({ examples: ["528c"] }) },
  kind: { field: "kind", schema: z.enum(KEY_KINDS) },
  scopes: { field: "scopes", schema: z.array(z.string()).meta({ examples: [["events.read"]] }) },
  resource: { field: "resource", schema: z.string().nullable() },
  allowedIps: {
    field: "allowed_ips",
    schema: z.array(z.string()).meta({ description: "The IP allowlist (CIDR); empty allows any IP address." }),
  },
  createdAt: { field: "created_at", schema: instantSchema },
  expiresAt: { field: "expires_at", schema: instantSchema.nullable() },
  revokedAt: { field: "revoked_at", schema: instantSchema.nullable() },
  rotatedFromId: {
    field: "replaces",
    schema: z.uuid().nullable().meta({ description: "The key that this one replaced on rotation." }),
  },
} as const satisfies Partial<Record<keyof ApiKey, { field: string; schema: z.ZodType }>>;

type Columns = typeof KEY_COLUMNS;
type Column = keyof Columns;
const COLUMNS = Object.keys(KEY_COLUMNS) as Column[];

/** A key's own columns as read from the database. */
export type KeyColumns = Pick<ApiKey, Column>;

/** For Prisma's `select`. */
export const columnSelect = Object.fromEntries(COLUMNS.map((column) => [column, true])) as Record<Column, true>;

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The select list in SQL for a row `k` of `api_keys`, with the names of {@link KeyColumns}. */
export const SQL_COLUMNS = COLUMNS.map((column) => `k.${snakeCase(column)} as "${column}"`).join(", ");

type InJson<Value> = Value extends Date ? string : Value;
const inJson = (value: KeyColumns[Column]) => (value instanceof Date ? value.toISOString() : value);

/** Only a key's own columns, for screens; times are ISO 8601 in UTC. */
export function columnsOf(row: KeyColumns) {
  return Object.fromEntries(COLUMNS.map((column) => [column, inJson(row[column])])) as {
    [Name in Column]: InJson<KeyColumns[Name]>;
  };
}

/** The columns that a successor takes over from its predecessor by default. */
export function configurationOf({ kind, name, scopes, resource, allowedIps }: KeyColumns) {
  return { kind, name, scopes, resource, allowedIps };
}

type FieldSchemas = { [Name in Column as Columns[Name]["field"]]: Columns[Name]["schema"] };

/** The schemas of {@link fieldsOf}'s fields. */
export const fieldSchemas = Object.fromEntries(
  Object.values(KEY_COLUMNS).map(({ field, schema }) => [field, schema]),
) as FieldSchemas;

/** The same as {@link columnsOf}, for the REST API and exports. */
export function fieldsOf(row: KeyColumns) {
  return Object.fromEntries(COLUMNS.map((column) => [KEY_COLUMNS[column].field, inJson(row[column])])) as {
    [Name in Column as Columns[Name]["field"]]: InJson<KeyColumns[Name]>;
  };
}
