import { parseJson } from "@/lib/http/json-body";
import { namedRequest } from "@/lib/rest/idempotency";
import { rotateKey } from "@/lib/rest/rotate-key";
import { madeKeyAnswer, managementRoute, methodNotAllowed } from "@/lib/rest/route";
import { rotateKeySchema } from "@/lib/rest/schemas";

/** Without a body, the team's policy and the old key provide all values. */
export const POST = managementRoute(async (actor, request, id) => {
  const body = await request.text();
  const input =
    body === "" ? rotateKeySchema.parse({}) : parseJson(request.headers.get("content-type"), body, rotateKeySchema);
  return madeKeyAnswer(await rotateKey(actor, id, input, namedRequest(request, body)));
});

const refuse = methodNotAllowed("POST");

export { refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT };
