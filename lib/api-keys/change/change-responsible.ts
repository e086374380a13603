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

/** Makes another active member the one who gets the notices about a team key. */
export function changeResponsible(
  actor: Actor,
  { id, responsibleMemberId }: ChangeResponsibleInput,
): Promise<ApiKeyDto> {
  return inTransaction(async (tx, now) => {
    const key = await lockForChange(tx, actor, id, now, responsibleMemberId);
    if (key.kind !== "team") throw new AppError("conflict", "Only a team key has a responsible member.");
    const before = key.responsibleMember;
    // Who is responsible already may stay so, also when they couldn't be chosen any more.
    const { name } =
      before?.id === responsibleMemberId ? before.user : await checkResponsible(tx, actor.teamId, responsibleMemberId);
    return writeChanges(tx, actor, key, now, {
      data: { responsibleMemberId },
      action: "api_key.responsible_changed",
      details: responsibleDetails(before?.user.name ?? null, name),
    });
  });
}

/** What every audit entry about another responsible member says. */
export const responsibleDetails = (from: string | null, to: string) => ({ from, to });
