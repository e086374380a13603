import { NOWHERE } from "@/lib/testing/fixtures";
import { verifyToken } from "@/lib/verification/verify-token";

/** The current decision about a token, without scopes or a resource. */
export async function decideAboutToken(token: string) {
  return (await verifyToken(token, { ip: null }, { endpoint: "me", requestId: "test", client: NOWHERE })).decision;
}
