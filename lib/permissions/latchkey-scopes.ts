/**
 * What a team key may do at Latchkey itself, beside the API's permissions. No role grants these and
 * no preset contains them, so a personal key never has one.
 */
export const LATCHKEY_SCOPES = {
  "keys.verify": { group: "Latchkey", label: "Verify this team's keys" },
} as const;

export type LatchkeyScope = keyof typeof LATCHKEY_SCOPES;
