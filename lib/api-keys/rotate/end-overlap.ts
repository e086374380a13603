import "server-only";
import { lockForChange, writeChanges } from "@/lib/api-keys/change/change-api-key";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { keyLabel } from "@/lib/api-keys/key-label";
import type { ApiKeyIdInput } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";
import { inTransaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import { noteRevoked } from "@/lib/notices/note-revoked";

/** Ends the overlap of a replaced key early: the next request with its token is refused. */
export function endOverlap(actor: Actor, { id }: ApiKeyIdInput): Promise<ApiKeyDto> {
  return inTransaction(async (tx, now) => {
    const key = await lockForChange(tx, actor, id, now);
    if (!key.rotatedTo)
      throw new AppError("conflict", "This key hasn't been replaced, so it has no grace period to end.");
    const successor = await tx.apiKey.findUniqueOrThrow({
      where: { id: key.rotatedTo.id, teamId: actor.teamId },
      select: { id: true, name: true, tokenStart: true, tokenLastFour: true },
    });
    await noteRevoked(tx, actor, [id]);
    return writeChanges(tx, actor, key, now, {
      data: { revokedAt: now },
      action: "api_key.overlap_ended",
      details: {
        successor: successor.id,
        successor_label: keyLabel(successor),
        last_used_at: key.usage?.lastUsedAt.toISOString() ?? null,
      },
    });
  });
}
