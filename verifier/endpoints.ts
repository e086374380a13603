import type { Endpoint } from "./endpoint.ts";
import { forwardAuth } from "./endpoints/forward-auth.ts";
import { live, ready } from "./endpoints/health.ts";
import { introspect } from "./endpoints/introspect.ts";
import { me } from "./endpoints/me.ts";
import { metadata } from "./endpoints/metadata.ts";
import { metrics } from "./endpoints/metrics.ts";
import { verify } from "./endpoints/verify.ts";

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ["/api/v1/me", me],
  ["/api/v1/introspect", introspect],
  ["/api/v1/verify", verify],
  ["/api/v1/forward-auth", forwardAuth],
  ["/.well-known/oauth-authorization-server", metadata],
  ["/api/health/live", live],
  ["/api/health/ready", ready],
  ["/api/metrics", metrics],
]);

/** The endpoint at exactly this path, which is not normalized or decoded. */
export function endpointAt(path: string): Endpoint | undefined {
  return ENDPOINTS.get(path);
}
