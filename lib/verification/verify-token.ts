import "server-only";
import { hashToken, isWellFormedToken } from "@/lib/api-keys/token";
import type { RequestContext } from "@/lib/auth/request-context";
import { apiPermissions } from "@/lib/permissions/catalogue";
import { type Decision, type DecisionRequest, decide } from "@/lib/verification/decide";
import { lookUpKey, type VerifiedKey } from "@/lib/verification/lookup";
import { usage } from "@/lib/verification/usage";

export type Verification = { decision: Decision; key: VerifiedKey | null };

/**
 * Decides about a presented token and notes the use of a good one. Rejects when the database can't
 * answer: that is neither "valid" nor "invalid".
 */
export async function verifyToken(
  token: string,
  request: DecisionRequest,
  context: RequestContext,
): Promise<Verification> {
  if (!isWellFormedToken(token)) return { decision: { code: "not_found" }, key: null };
  const key = await lookUpKey(hashToken(token));
  const now = new Date();
  const decision = decide(key, request, new Set(apiPermissions()), now);
  if (key && decision.code === "valid") usage.note(key.id, { at: now, ...context });
  return { decision, key };
}
