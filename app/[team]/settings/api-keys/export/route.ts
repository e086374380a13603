import { redirect, unstable_rethrow } from "next/navigation";
import { exportApiKeys, KEY_EXPORT_FORMATS } from "@/lib/api-keys/export/export-api-keys";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import { authorizeList, listsFor } from "@/lib/api-keys/list/authorize-list";
import { apiKeyExportSchema } from "@/lib/api-keys/list/list-input";
import { requireActor } from "@/lib/auth/current-actor";
import { errorResponse } from "@/lib/http/routes";

type Context = { params: Promise<{ team: string }> };

/** A list as a file, with the filters of the page's URL and `format`. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { team } = await params;
  const page = `/${team}/settings/api-keys`;
  try {
    const actor = await requireActor(team, page, ...MANAGE_ANY_KEYS);
    // An export writes an audit entry, which another site must not be able to trigger.
    if (!["same-origin", "none", null].includes(request.headers.get("sec-fetch-site"))) redirect(page);
    const input = apiKeyExportSchema.parse(Object.fromEntries(new URL(request.url).searchParams));
    const list = input.kind ?? listsFor(actor)[0] ?? "personal";
    authorizeList(actor, list);
    const { mediaType, extension } = KEY_EXPORT_FORMATS[input.format];
    const day = actor.now.toISOString().slice(0, 10);
    return new Response(await exportApiKeys(actor, list, input), {
      headers: {
        "content-type": mediaType,
        "content-disposition": `attachment; filename="api-keys-${team}-${day}.${extension}"`,
        "cache-control": "private, no-store",
      },
    });
  } catch (error) {
    unstable_rethrow(error);
    return errorResponse(error, request);
  }
}
