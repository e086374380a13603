import { parseJson } from "@/lib/http/json-body";
import { readQuery } from "@/lib/http/query";
import { createKey } from "@/lib/rest/create-key";
import { namedRequest } from "@/lib/rest/idempotency";
import { listKeys } from "@/lib/rest/read-keys";
import { madeKeyAnswer, managementRoute, methodNotAllowed } from "@/lib/rest/route";
import { createKeySchema, listKeysSchema } from "@/lib/rest/schemas";

export const GET = managementRoute(async (actor, request) => {
  const { keys, nextCursor } = await listKeys(actor, readQuery(request, listKeysSchema));
  return { body: { data: keys, next_cursor: nextCursor } };
});

export const POST = managementRoute(async (actor, request) => {
  const body = await request.text();
  const input = parseJson(request.headers.get("content-type"), body, createKeySchema);
  return madeKeyAnswer(await createKey(actor, input, namedRequest(request, body)));
});

const refuse = methodNotAllowed("GET", "HEAD", "POST");

export { refuse as DELETE, refuse as PATCH, refuse as PUT };
