/**
 * Scopes for Latchkey's own API, which only team keys can have. No role grants these and no preset includes them, so a
 * personal key never has one.
 */
export const LATCHKEY_SCOPES = {
  "keys.verify": { group: "Latchkey", label: "Verify this team's keys" },
} as const;

export type LatchkeyScope = keyof typeof LATCHKEY_SCOPES;
