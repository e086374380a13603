import type { VerifiedKey } from "@/lib/verification/lookup";

/** What `GET /api/v1/me` tells the holder of a live token; `scopes` are the effective ones. */
export function describeCaller({ key, scopes }: { key: VerifiedKey; scopes: string[] }) {
  return {
    key: {
      id: key.id,
      name: key.name,
      kind: key.kind,
      prefix: key.tokenStart,
      last_four: key.tokenLastFour,
      scopes: key.scopes,
      created_at: key.createdAt.toISOString(),
      last_used_at: key.lastUsedAt?.toISOString() ?? null,
    },
    team: key.team,
    member: key.member,
    scopes,
    expires_at: key.expiresAt?.toISOString() ?? null,
  };
}
