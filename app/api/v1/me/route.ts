import { bearerRoute } from "@/lib/routes";
import { describeCaller } from "@/lib/verification/describe-caller";

/** Who am I: the key behind the token, its team, its member and what it may do now. */
export const GET = bearerRoute({}, async (caller) => describeCaller(caller));
