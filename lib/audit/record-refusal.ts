import "server-only";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/db";
import { log } from "@/lib/log";

/** Writes down that somebody was refused. Its failure must not turn the refusal into an error. */
export async function recordRefusal(actor: Actor, reason: string): Promise<void> {
  const target = { type: "permission" as const, id: null, label: reason };
  await recordAudit(db, { teamId: actor.teamId, action: "permission.refused", actor, target }).catch((error: unknown) =>
    log.error({ err: String(error) }, "refusal not recorded"),
  );
}
