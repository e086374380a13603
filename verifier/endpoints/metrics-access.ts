import { hash, timingSafeEqual } from "node:crypto";
import { isInRanges } from "@/lib/api-keys/ip-ranges";
import { env } from "@/lib/env";
import { type Problem, problem } from "@/lib/http/problem";
import { presentedToken } from "@/lib/verification/bearer-token";
import { withChallenge } from "@/lib/verification/refusals";
import { cameFromFurther, parseTrustedProxies } from "../../server/client-ip.ts";
import type { EndpointRequest } from "../endpoint.ts";

/** Loopback, private and link-local addresses (RFC 1918, 3927, 4193, 4291). */
const NEARBY = [
  "127.0.0.0/8",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "169.254.0.0/16",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
];

/**
 * The problem for a request that may not read the metrics, else undefined. Access takes METRICS_TOKEN or an address in
 * METRICS_ALLOW; without METRICS_TOKEN, private addresses have access too. Proxies usually have private addresses, so
 * requests that an untrusted one forwards don't count as private.
 */
export function refuseMetrics(request: EndpointRequest): Problem | undefined {
  const { METRICS_TOKEN, METRICS_ALLOW, TRUSTED_PROXIES } = env();
  const { authorization, client, headers, socketAddress, instance } = request;
  if (METRICS_TOKEN !== undefined && presents(METRICS_TOKEN, authorization)) return undefined;
  const allowed = METRICS_TOKEN === undefined ? [...NEARBY, ...METRICS_ALLOW] : METRICS_ALLOW;
  const isFurther = cameFromFurther(socketAddress, headers, parseTrustedProxies(TRUSTED_PROXIES));
  if (!isFurther && isInRanges(client.ip, allowed)) return undefined;
  if (METRICS_TOKEN !== undefined) {
    const detail = "Send METRICS_TOKEN as “Authorization: Bearer <token>”.";
    return withChallenge(problem({ status: 401, code: "unauthenticated", detail, instance }), CHALLENGE);
  }
  const detail =
    "Metrics are available to loopback and private IP addresses, to METRICS_ALLOW, and with METRICS_TOKEN. " +
    "Behind a proxy, add its IP address to TRUSTED_PROXIES.";
  return problem({ status: 403, code: "forbidden", detail, instance });
}

const CHALLENGE = 'Bearer realm="latchkey metrics"';

/** Compares hashes, so that timing reveals neither the length nor a matching prefix. */
function presents(expected: string, authorization: string | undefined): boolean {
  const presented = presentedToken(authorization);
  if (presented.kind !== "token") return false;
  return timingSafeEqual(hash("sha256", presented.token, "buffer"), hash("sha256", expected, "buffer"));
}
