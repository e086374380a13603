import type { KeptRefusal, RefusedHour } from "@/lib/calls/refusals";
import type { HolderState } from "@/lib/insights/holder";
import type { KeyDetails, LastUse } from "@/lib/insights/key-details";

/** Who ended a key, according to the audit log. */
export type KeyEnding = { by: string; at: string; action: string };

/** The rule that denies a key or denied a request, with what a reader needs to fix it. */
export type Verdict =
  | { code: "revoked"; at: string | null; ending: KeyEnding | null }
  | { code: "expired"; at: string | null; ending: KeyEnding | null }
  | { code: "owner_inactive"; name: string | null; state: HolderState; since: string | null }
  | { code: "ip_not_allowed"; ip: string | null; allowedIps: string[] }
  | { code: "insufficient_scope"; missing: string[]; notHeld: string[]; notGranted: string[]; roleName: string | null }
  | { code: "wrong_resource"; resource: string | null }
  | { code: "let_through"; lastUse: LastUse | null };

type Facts = {
  details: KeyDetails;
  /** The current permissions of the owner's role; null for a team key. */
  granted: ReadonlySet<string> | null;
  ending: KeyEnding | null;
  /** The request in question. */
  asked: KeptRefusal | null;
  latest: KeptRefusal[];
  hours: RefusedHour[];
};

/**
 * The rule that denied the given request. Without one: the rule that currently denies the key for every request, or
 * else the latest refusal, unless a call has succeeded since.
 */
export function verdictOn(facts: Facts): Verdict {
  const { asked, details, latest } = facts;
  const code = asked?.code ?? standingCode(details) ?? codeOfLatest(facts);
  const about = asked ?? latest.find((refusal) => refusal.code === code) ?? null;
  return (code && refusedBy(code, about, facts)) || { code: "let_through", lastUse: details.lastUse };
}

/** Why the key is denied for every request, in verification's order. */
function standingCode({ key, owner }: KeyDetails): string | null {
  if (key.status !== "active") return key.status;
  return key.kind === "personal" && owner?.state !== "active" ? "owner_inactive" : null;
}

function codeOfLatest({ hours, latest, details }: Facts): string | null {
  const refusals = [
    ...hours.map(({ code, lastAt }) => ({ code, at: lastAt })),
    ...latest.map(({ code, at }) => ({ code, at })),
  ].sort((a, b) => b.at.localeCompare(a.at));
  const newest = refusals[0];
  if (!newest || (details.lastUse && details.lastUse.at > newest.at)) return null;
  return newest.code;
}

function refusedBy(code: string, about: KeptRefusal | null, facts: Facts): Verdict | null {
  const { details, ending, granted, hours } = facts;
  const { key, owner } = details;
  switch (code) {
    case "revoked":
      return { code, at: details.revokedAt, ending };
    case "expired":
      return { code, at: key.expiresAt, ending };
    case "owner_inactive":
      return { code, name: owner?.name ?? null, state: owner?.state ?? "removed", since: owner?.since ?? null };
    case "ip_not_allowed":
      return {
        code,
        ip: about?.ip ?? hours.find((hour) => hour.code === code)?.lastIp ?? null,
        allowedIps: key.allowedIps,
      };
    case "insufficient_scope": {
      const missing = about?.missing ?? [];
      const notHeld = missing.filter((scope) => !key.scopes.includes(scope));
      const held = missing.filter((scope) => key.scopes.includes(scope));
      const notGranted = granted ? held.filter((scope) => !granted.has(scope)) : [];
      return { code, missing, notHeld, notGranted, roleName: owner?.roleName ?? null };
    }
    case "wrong_resource":
      return { code, resource: key.resource };
    default:
      return null;
  }
}
