import "server-only";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { EnvError, env } from "@/lib/env";
import { isConsoleNamespace } from "@/lib/permissions/console-permissions";
import { LATCHKEY_SCOPES } from "@/lib/permissions/latchkey-scopes";
import type { ScopeCatalog } from "@/lib/verification/decide";

const permissionSchema = z.strictObject({
  name: z
    .string()
    .max(64)
    .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/, "must look like events.read")
    // A catalog with team.manage_roles would expose the console's own permissions as scopes.
    .refine((name) => !isConsoleNamespace(name), "must not start with a name reserved for the console"),
  access: z.enum(["read", "write"]),
  label: z.string().min(1).max(80),
});

const catalogSchema = z
  .strictObject({
    groups: z
      .array(z.strictObject({ name: z.string().min(1).max(40), permissions: z.array(permissionSchema).min(1) }))
      .min(1),
    resources: z
      .array(
        z.strictObject({
          type: z.string().regex(/^[a-z][a-z0-9_]*$/),
          label: z.string(),
          idFormat: z.enum(["uuid", "string"]),
        }),
      )
      .default([]),
  })
  .refine(({ groups }) => {
    const names = groups.flatMap((group) => group.permissions.map((permission) => permission.name));
    return new Set(names).size === names.length;
  }, "lists a permission twice");

/** The protected API's permissions in groups, each read or write. */
export type Catalog = z.output<typeof catalogSchema>;

/** Reads and validates a catalog file; throws {@link EnvError} with a sentence about the error. */
export function readCatalog(file: string): Catalog {
  let text: string;
  try {
    text = readFileSync(resolve(file), "utf8");
  } catch {
    throw new EnvError(`PERMISSIONS_FILE names ${file}, which can't be read.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new EnvError(`PERMISSIONS_FILE ${file} is not valid JSON.`);
  }
  const parsed = catalogSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new EnvError(`PERMISSIONS_FILE ${file}: ${issue?.path.join(".") || "the catalog"} ${issue?.message}.`);
}

let cached: Catalog | undefined;

/** The catalog with which this process was started. */
export function catalog(): Catalog {
  cached ??= readCatalog(env().PERMISSIONS_FILE);
  return cached;
}

/** All API permissions, in the catalog's order. */
export function apiPermissions(access?: "read" | "write"): string[] {
  return catalog().groups.flatMap((group) =>
    group.permissions
      .filter((permission) => !access || permission.access === access)
      .map((permission) => permission.name),
  );
}

let cachedScopes: ScopeCatalog | undefined;

/** All scopes a key can have, in the form that decisions use. */
export function scopeCatalog(): ScopeCatalog {
  cachedScopes ??= {
    access: new Map(
      catalog().groups.flatMap(({ permissions }) => permissions.map(({ name, access }) => [name, access])),
    ),
    teamKeysOnly: new Set(Object.keys(LATCHKEY_SCOPES)),
  };
  return cachedScopes;
}
