/** Everything the audit log can say, with the words its page uses. */
export const AUDIT_ACTIONS = {
  "team.created": "Team created",
  "session.signed_in": "Signed in",
  "session.sign_in_failed": "Sign-in failed",
  "session.signed_out": "Signed out",
  "session.signed_out_everywhere": "Signed out everywhere",
  "api_key.created": "API key created",
  "api_key.renamed": "API key renamed",
  "api_key.expiry_changed": "Expiry changed",
  "api_key.revoked": "API key revoked",
  "permission.refused": "Permission refused",
} as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;
