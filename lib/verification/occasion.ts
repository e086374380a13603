import type { RequestContext } from "@/lib/http/request-context";
import type { Door } from "@/lib/verification/metrics";

/** Where a decision was asked for and in which request, and from where the token was presented: for the records. */
export type Occasion = { door: Door; requestId: string; context: RequestContext };
