import type { Door } from "./door.ts";
import { forwardAuth } from "./doors/forward-auth.ts";
import { live, ready } from "./doors/health.ts";
import { introspect } from "./doors/introspect.ts";
import { me } from "./doors/me.ts";
import { metadata } from "./doors/metadata.ts";
import { metrics } from "./doors/metrics.ts";
import { verify } from "./doors/verify.ts";

const DOORS: ReadonlyMap<string, Door> = new Map([
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
export function doorAt(path: string): Door | undefined {
  return DOORS.get(path);
}
