"use server";

import { runTeamAction } from "@/lib/actions";
import { changeRole } from "@/lib/roles/change-role";
import { createRole } from "@/lib/roles/create-role";
import { deleteRole } from "@/lib/roles/delete-role";
import { previewRoleChange } from "@/lib/roles/preview-role-change";
import { renameRole } from "@/lib/roles/rename-role";
import {
  changeRoleSchema,
  createRoleSchema,
  previewRoleChangeSchema,
  renameRoleSchema,
  roleIdSchema,
} from "@/lib/roles/schemas";

export async function createRoleAction(team: string, input: unknown) {
  return runTeamAction(team, createRoleSchema, input, createRole);
}

export async function renameRoleAction(team: string, input: unknown) {
  return runTeamAction(team, renameRoleSchema, input, renameRole);
}

/** Changes nothing: for the preview and the confirmation. */
export async function previewRoleChangeAction(team: string, input: unknown) {
  return runTeamAction(team, previewRoleChangeSchema, input, previewRoleChange);
}

export async function changeRoleAction(team: string, input: unknown) {
  return runTeamAction(team, changeRoleSchema, input, changeRole);
}

export async function deleteRoleAction(team: string, input: unknown) {
  return runTeamAction(team, roleIdSchema, input, deleteRole);
}
