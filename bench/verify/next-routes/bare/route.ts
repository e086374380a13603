import { CONSTANT_ANSWER } from "@/bench/verify/servers/constant-answer";

/** Or Next would answer from its cache of files. */
export const dynamic = "force-dynamic";

const headers = { "content-type": "application/json" };

/** The least that a route handler can do. */
export function GET(): Response {
  return new Response(CONSTANT_ANSWER, { headers });
}
