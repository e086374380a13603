import { actorIn } from "@/lib/auth/actor";
import { currentSession } from "@/lib/auth/current-actor";
import { requestContext } from "@/lib/auth/request-context";
import { errorResponse } from "@/lib/http/routes";
import { countUnreadNotices } from "@/lib/notices/list-notices";

type Context = { params: Promise<{ team: string }> };

/** The number of unread notices, for the bell. Without a membership, 404 whatever the reason. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  try {
    const session = await currentSession();
    const actor = session && actorIn(session, (await params).team, await requestContext());
    if (!actor) return new Response(null, { status: 404 });
    return Response.json({ unread: await countUnreadNotices(actor) });
  } catch (error) {
    return errorResponse(error, request);
  }
}
