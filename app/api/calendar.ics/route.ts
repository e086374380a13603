import { readCalendar } from "@/lib/calendar/read-calendar";
import { contextOf } from "@/lib/http/request-context";
import { errorResponse } from "@/lib/http/routes";
import { methodNotAllowed } from "@/lib/rest/route";

/** The calendar of a link; its secret is a parameter, because paths are logged. */
export async function GET(request: Request): Promise<Response> {
  try {
    const secret = new URL(request.url).searchParams.get("secret");
    return new Response(await readCalendar(secret, contextOf(request.headers)), {
      headers: {
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": 'inline; filename="api-keys.ics"',
        "cache-control": "private, no-store",
      },
    });
  } catch (error) {
    return errorResponse(error, request);
  }
}

const refuse = methodNotAllowed("GET", "HEAD");

export { refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT };
