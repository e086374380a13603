import "server-only";
import { z } from "zod";
import { lockForChange, writeChanges } from "@/lib/api-keys/change/change-api-key";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { checkResponsible } from "@/lib/api-keys/responsible-member";
import { keyIdSchema, responsibleMemberIdSchema } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";
import { inTransaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";

export const changeResponsibleSchema = z.strictObject({
  id: keyIdSchema,
  responsibleMemberId: responsibleMemberIdSchema,
});
export type ChangeResponsibleInput = z.output<typeof changeResponsibleSchema>;

/** Makes another active member responsible for a team key: the one who gets its notices. */
export function changeResponsible(
  actor: Actor,
  { id, responsibleMemberId }: ChangeResponsibleInput,
): Promise<ApiKeyDto> {
  return inTransaction(async (tx, now) => {
    const key = await lockForChange(tx, actor, id, now, responsibleMemberId);
    if (key.kind !== "team") throw new AppError("conflict", "Only a team key has a contact.");
    const before = key.responsibleMember;
    // The current responsible member may stay, even if they could no longer be chosen.
    const { name } =
      before?.id === responsibleMemberId ? before.user : await checkResponsible(tx, actor.teamId, responsibleMemberId);
    return writeChanges(tx, actor, key, now, {
      data: { responsibleMemberId },
      action: "api_key.responsible_changed",
      details: responsibleDetails(before?.user.name ?? null, name),
    });
  });
}

/** The details of every audit entry for a change of the responsible member. */
export const responsibleDetails = (from: string | null, to: string) => ({ from, to });
