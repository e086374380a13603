import { redirect, unstable_rethrow } from "next/navigation";
import { EXPORT_FORMATS, exportAuditLog, exportSchema } from "@/lib/audit/export-audit-log";
import { requireActor } from "@/lib/auth/current-actor";
import { errorResponse } from "@/lib/http/routes";

type Context = { params: Promise<{ team: string }> };

/** The log as a file, with the filters of the page's URL and `format`. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { team } = await params;
  const page = `/${team}/settings/audit-log`;
  try {
    const actor = await requireActor(team, page, "audit.view");
    // An export writes an audit entry, which another site must not be able to trigger.
    if (!["same-origin", "none", null].includes(request.headers.get("sec-fetch-site"))) redirect(page);
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const input = exportSchema.parse(query);
    const { mediaType, extension } = EXPORT_FORMATS[input.format];
    const day = actor.now.toISOString().slice(0, 10);
    return new Response(await exportAuditLog(actor, input), {
      headers: {
        "content-type": mediaType,
        "content-disposition": `attachment; filename="audit-log-${team}-${day}.${extension}"`,
        "cache-control": "private, no-store",
      },
    });
  } catch (error) {
    unstable_rethrow(error);
    return errorResponse(error, request);
  }
}
