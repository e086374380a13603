import "server-only";
import { Refused } from "@/lib/http/error-problem";
import { contextOf } from "@/lib/http/request-context";
import { REQUEST_ID_HEADER } from "@/lib/http/request-headers";
import type { DecisionRequest } from "@/lib/verification/decide";
import { bearerCaller, type Caller } from "@/lib/verification/verify-token";

/**
 * The first line of a handler in an API: who calls, or throws {@link Refused} with the answer of RFC
 * 6750. A key that is narrowed to one resource only passes where the handler names the `resource`
 * that is to be reached, or `ANY_RESOURCE` and then keeps to the key's own.
 */
export async function requireScope(
  request: Request,
  scope: string,
  { resource }: Pick<DecisionRequest, "resource"> = {},
): Promise<Caller> {
  const requestId = request.headers.get(REQUEST_ID_HEADER) ?? "unknown";
  const context = contextOf(request.headers);
  const caller = await bearerCaller(
    request.headers.get("authorization"),
    { scopes: [scope], resource, ip: context.ip },
    { door: "handler", requestId, context },
    (good) => good,
  );
  if ("key" in caller) return caller;
  throw new Refused(caller);
}
