import "server-only";
import { Refused } from "@/lib/http/error-problem";
import { contextOf } from "@/lib/http/request-context";
import { REQUEST_ID_HEADER } from "@/lib/http/request-headers";
import type { DecisionRequest } from "@/lib/verification/decide";
import { bearerCaller, type Caller } from "@/lib/verification/verify-token";

/**
 * The first line of an API handler: returns the caller, or throws {@link Refused} with the response of RFC 6750. A key
 * narrowed to one resource passes only if the handler names that `resource`, or passes `ANY_RESOURCE` and then limits
 * itself to the key's resource.
 */
export async function requireScope(
  request: Request,
  scope: string,
  { resource }: Pick<DecisionRequest, "resource"> = {},
): Promise<Caller> {
  const requestId = request.headers.get(REQUEST_ID_HEADER) ?? "unknown";
  const client = contextOf(request.headers);
  const caller = await bearerCaller(
    request.headers.get("authorization"),
    { scopes: [scope], resource, ip: client.ip },
    { endpoint: "handler", requestId, client },
    (good) => good,
  );
  if ("key" in caller) return caller;
  throw new Refused(caller);
}
