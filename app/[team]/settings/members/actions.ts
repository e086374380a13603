"use server";

import { runTeamAction } from "@/lib/actions";
import { renewInvitation, withdrawInvitation } from "@/lib/invitations/change-invitation";
import { inviteMember } from "@/lib/invitations/invite-member";
import { invitationIdSchema, inviteSchema } from "@/lib/invitations/schemas";
import { changeMemberRole } from "@/lib/members/change-member-role";
import { confirmAddress } from "@/lib/members/confirm-address";
import { disableMember, enableMember } from "@/lib/members/disable-member";
import { previewMemberRole } from "@/lib/members/preview-member-role";
import { listLeavingKeys } from "@/lib/members/queries";
import { removeMember } from "@/lib/members/remove-member";
import {
  changeMemberRoleSchema,
  confirmAddressSchema,
  memberIdSchema,
  removeMemberSchema,
} from "@/lib/members/schemas";

export async function inviteMemberAction(team: string, input: unknown) {
  return runTeamAction(team, inviteSchema, input, inviteMember);
}

export async function renewInvitationAction(team: string, input: unknown) {
  return runTeamAction(team, invitationIdSchema, input, renewInvitation);
}

export async function withdrawInvitationAction(team: string, input: unknown) {
  return runTeamAction(team, invitationIdSchema, input, withdrawInvitation);
}

export async function changeMemberRoleAction(team: string, input: unknown) {
  return runTeamAction(team, changeMemberRoleSchema, input, changeMemberRole);
}

/** Changes nothing: what a member and their keys would lose with another role. */
export async function previewMemberRoleAction(team: string, input: unknown) {
  return runTeamAction(team, changeMemberRoleSchema, input, previewMemberRole);
}

export async function confirmAddressAction(team: string, input: unknown) {
  return runTeamAction(team, confirmAddressSchema, input, confirmAddress);
}

export async function disableMemberAction(team: string, input: unknown) {
  return runTeamAction(team, memberIdSchema, input, disableMember);
}

export async function enableMemberAction(team: string, input: unknown) {
  return runTeamAction(team, memberIdSchema, input, enableMember);
}

/** The keys that stop with a member, for the removal dialog. */
export async function listLeavingKeysAction(team: string, input: unknown) {
  return runTeamAction(team, memberIdSchema, input, listLeavingKeys);
}

export async function removeMemberAction(team: string, input: unknown) {
  return runTeamAction(team, removeMemberSchema, input, removeMember);
}
