import type { RequestContext } from "@/lib/http/request-context";
import type { Door } from "@/lib/verification/metrics";

/** Endpoint, request and client of a decision, for logs and records. */
export type Occasion = { door: Door; requestId: string; context: RequestContext };
