import { openApiDocument } from "@/lib/openapi/document";
import { methodNotAllowed } from "@/lib/rest/route";

/** For anybody: it says nothing of what is kept here. */
export const GET = () => Response.json(openApiDocument());

const refuse = methodNotAllowed("GET", "HEAD");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
