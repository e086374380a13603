import { notFound } from "@/lib/errors";
import { errorResponse } from "@/lib/http/routes";

/** What no other handler answers: programs get a problem, not the page for people. */
const answer = (request: Request) => errorResponse(notFound("endpoint"), request);

export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT };
