import { z } from "zod";
import { plainText } from "@/lib/text/plain-text";

export const MAX_ROLE_NAME_LENGTH = 40;

const roleId = z.uuid("This isn't a role's ID.");
const roleName = plainText(MAX_ROLE_NAME_LENGTH).refine((name) => name !== "", "Enter a name.");
const permissions = z
  .array(z.string().max(64), "Choose permissions.")
  .max(500, "Select at most 500 permissions.")
  .transform((names) => [...new Set(names)]);

/** A new role starts with another role's permissions, or with none. */
export const createRoleSchema = z.strictObject({ name: roleName, copyOf: roleId.nullable().default(null) });
export type CreateRoleInput = z.output<typeof createRoleSchema>;

export const renameRoleSchema = z.strictObject({ roleId, name: roleName });
export type RenameRoleInput = z.output<typeof renameRoleSchema>;

export const previewRoleChangeSchema = z.strictObject({ roleId, permissions });
export type PreviewRoleChangeInput = z.output<typeof previewRoleChangeSchema>;

/** `before`: the permissions in the loaded form; if the role's differ, somebody else has changed it. */
export const changeRoleSchema = z.strictObject({ roleId, permissions, before: permissions });
export type ChangeRoleInput = z.output<typeof changeRoleSchema>;

export const roleIdSchema = z.strictObject({ roleId });
export type RoleIdInput = z.output<typeof roleIdSchema>;
