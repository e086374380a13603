import { NOWHERE } from "@/lib/testing/fixtures";
import { verifyToken } from "@/lib/verification/verify-token";

/** What the verification would decide about a token now, with nothing asked but whether it is good. */
export async function decideAboutToken(token: string) {
  return (await verifyToken(token, { ip: null }, { door: "me", requestId: "test", context: NOWHERE })).decision;
}
