import type { AuditEvent } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";

type Named = { name: string | null; tokenStart: string; tokenLastFour: string };

/** A token as it may be shown: its start and its last four characters. */
export const tokenEnds = ({ tokenStart, tokenLastFour }: Omit<Named, "name">) => `${tokenStart}…${tokenLastFour}`;

/** A key by its name, or by its token's ends where it has none. */
export const nameOrEnds = (key: Named) => key.name ?? tokenEnds(key);

/** A key as sentences and audit entries name it beside others: by its name, if it has one, and by its token's ends. */
export function keyLabel(key: Named): string {
  return key.name ? `“${key.name}” ${tokenEnds(key)}` : tokenEnds(key);
}

/** An audit entry for an action on a key. */
export function keyEvent(
  actor: Actor,
  action: AuditEvent["action"],
  key: { id: string; name: string | null; tokenStart: string },
  details: NonNullable<AuditEvent["details"]>,
): AuditEvent {
  const target = { type: "api_key" as const, id: key.id, label: key.name ?? key.tokenStart };
  return { teamId: actor.teamId, action, actor, target, details };
}
