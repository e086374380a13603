import "server-only";
import { headers } from "next/headers";
import { contextOf, type RequestContext } from "@/lib/http/request-context";

/** The context of the page or action being served. */
export async function requestContext(): Promise<RequestContext> {
  return contextOf(await headers());
}
