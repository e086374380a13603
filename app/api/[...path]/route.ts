import { notFound } from "@/lib/errors";
import { errorResponse } from "@/lib/http/routes";

/** For paths without a handler: a problem instead of the 404 page. */
const answer = (request: Request) => errorResponse(notFound("endpoint"), request);

export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT };
