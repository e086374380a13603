import type { RequestContext } from "@/lib/http/request-context";
import type { EndpointName } from "@/lib/verification/metrics";

/** Endpoint, request and client of a decision, for logs and records. */
export type VerificationContext = { endpoint: EndpointName; requestId: string; client: RequestContext };
