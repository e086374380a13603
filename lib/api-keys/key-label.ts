import type { AuditEvent } from "@/lib/audit/record";
import type { Actor } from "@/lib/auth/actor";

type Named = { name: string | null; tokenStart: string; tokenLastFour: string };

/** The parts of a token that may be shown: its start and its last four characters. */
export const tokenEnds = ({ tokenStart, tokenLastFour }: Omit<Named, "name">) => `${tokenStart}…${tokenLastFour}`;

/** A key's name, or its token's ends if it has none. */
export const nameOrEnds = (key: Named) => key.name ?? tokenEnds(key);

/** A key's name, if any, with its token's ends, for sentences and audit entries that name several keys. */
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
