import { contextOf } from "@/lib/http/request-context";
import { errorResponse } from "@/lib/http/routes";
import { browserSessionOf } from "@/lib/rest/actor";
import { methodNotAllowed, restResponse } from "@/lib/rest/route";
import { issueSessionToken } from "@/lib/session-tokens/issue-session-token";

/** Creates a session token from the browser's session; the token is only in this response. */
export async function POST(request: Request): Promise<Response> {
  try {
    const session = await browserSessionOf(request);
    const { token, expiresAt } = await issueSessionToken(session, contextOf(request.headers));
    return restResponse({ status: 201, body: { data: { token, expires_at: expiresAt.toISOString() } } });
  } catch (error) {
    return errorResponse(error, request);
  }
}

const refuse = methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
