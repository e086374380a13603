import { openApiDocument } from "@/lib/openapi/document";
import { methodNotAllowed } from "@/lib/rest/route";

/** Public: contains no stored data. */
export const GET = () => Response.json(openApiDocument());

const refuse = methodNotAllowed("GET", "HEAD");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
