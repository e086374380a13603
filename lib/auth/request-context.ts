import "server-only";
import { headers } from "next/headers";
import { contextOf, type RequestContext } from "@/lib/http/request-context";

/** The context of the current page or action. */
export async function requestContext(): Promise<RequestContext> {
  return contextOf(await headers());
}
