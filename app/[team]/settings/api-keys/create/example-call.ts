import type { LatchkeyScope } from "@/lib/permissions/latchkey-scopes";

const VERIFY: LatchkeyScope = "keys.verify";

/** A call to try a new token; for a key that only verifies, a verification. */
export function exampleCall(apiUrl: string, token: string, scopes: string[]): string {
  const authorization = `-H "Authorization: Bearer ${token}"`;
  if (scopes.length !== 1 || scopes[0] !== VERIFY) return `curl ${authorization} ${apiUrl}/me`;
  return `curl ${authorization} -H "Content-Type: application/json" -d '{"token":"the token to check"}' ${apiUrl}/verify`;
}
