import { readJson } from "@/lib/http/routes";
import { changeKey } from "@/lib/rest/change-key";
import { readKey } from "@/lib/rest/read-keys";
import { revokeKey } from "@/lib/rest/revoke-key";
import { managementRoute, methodNotAllowed } from "@/lib/rest/route";
import { changeKeySchema } from "@/lib/rest/schemas";

export const GET = managementRoute(async (actor, _request, id) => ({ body: { data: await readKey(actor, id) } }));

export const PATCH = managementRoute(async (actor, request, id) => {
  const input = await readJson(request, changeKeySchema);
  return { body: { data: await changeKey(actor, id, input) } };
});

export const DELETE = managementRoute(async (actor, _request, id) => ({ body: { data: await revokeKey(actor, id) } }));

const refuse = methodNotAllowed("GET", "HEAD", "PATCH", "DELETE");

export { refuse as POST, refuse as PUT };
