import type { VerifiedKey } from "@/lib/verification/key-row";

/** A key as `GET /api/v1/me` and `POST /api/v1/verify` tell of it. `scopes` are the effective ones. */
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
    expires_at: key.expiresAt?.toISOString() ?? null,
  };
}
