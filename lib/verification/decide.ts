/** Everything a decision about a key rests on, as committed in the database now. */
export type KeyState = {
  kind: "personal" | "team";
  scopes: readonly string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** What a personal key's member may do now; null when there is no active membership. */
  memberPermissions: ReadonlySet<string> | null;
};

export type DecisionRequest = { scope?: string };

export type Decision =
  | { code: "valid"; scopes: string[] }
  | { code: "insufficient_scope"; scopes: string[]; missing: string }
  | { code: "not_found" | "revoked" | "expired" | "owner_inactive" };

/**
 * Decides whether a key is good for a request. Pure: the same state, request and instant always
 * give the same answer. A personal key never does more than its member may do now.
 */
export function decide(
  key: KeyState | null,
  request: DecisionRequest,
  catalogue: ReadonlySet<string>,
  now: Date,
): Decision {
  if (!key) return { code: "not_found" };
  if (key.revokedAt) return { code: "revoked" };
  if (key.expiresAt && key.expiresAt <= now) return { code: "expired" };
  const permissions = key.kind === "team" ? catalogue : key.memberPermissions;
  if (!permissions) return { code: "owner_inactive" };

  const scopes = key.scopes.filter((scope) => permissions.has(scope) && catalogue.has(scope));
  if (request.scope !== undefined && !scopes.includes(request.scope)) {
    return { code: "insufficient_scope", scopes, missing: request.scope };
  }
  return { code: "valid", scopes };
}
