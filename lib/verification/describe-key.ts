import { effectiveExpiry } from "@/lib/policies/at-verification";
import type { VerifiedKey } from "@/lib/verification/key-row";

/**
 * A key as `GET /api/v1/me` and `POST /api/v1/verify` tell of it. `scopes` are the effective ones, within what its member
 * may do and the team's policy lets it have; `expires_at` is when it really ends.
 */
export function describeKey(key: VerifiedKey, scopes: readonly string[]) {
  return {
    key: {
      id: key.id,
      name: key.name,
      kind: key.kind,
      prefix: key.tokenStart,
      last_four: key.tokenLastFour,
      scopes: key.scopes,
      resource: key.resource,
      allowed_ips: key.allowedIps,
      created_at: key.createdAt.toISOString(),
    },
    team: key.team,
    member: key.member && {
      id: key.member.id,
      name: key.member.name,
      email: key.member.email,
      role: key.member.roleName,
    },
    scopes,
    expires_at: effectiveExpiry(key)?.toISOString() ?? null,
  };
}
