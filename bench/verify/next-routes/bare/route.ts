import { CONSTANT_ANSWER } from "@/bench/verify/servers/constant-answer";

/** Otherwise Next would serve it from its file cache. */
export const dynamic = "force-dynamic";

const headers = { "content-type": "application/json" };

/** The minimum for a route handler. */
export function GET(): Response {
  return new Response(CONSTANT_ANSWER, { headers });
}
