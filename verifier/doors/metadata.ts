import { env } from "@/lib/env";
import { problem } from "@/lib/http/problem";
import { apiPermissions } from "@/lib/permissions/catalogue";
import { LATCHKEY_SCOPES } from "@/lib/permissions/latchkey-scopes";
import { type Door, json } from "../door.ts";

/** As a Host header names this machine: what can't be anybody else's address. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Authorization server metadata (RFC 8414), so that introspection clients find the endpoint by the
 * address they know. No grant is offered: tokens are made in the console alone.
 */
export const metadata: Door = {
  methods: ["GET", "HEAD"],
  answer({ headers, instance }) {
    const issuer = issuerAt(headers.host ?? "");
    if (!issuer) {
      const detail = "This address isn't a configured one: set VERIFIER_URL, or APP_URL, to the public address.";
      return problem({ status: 400, code: "unknown_host", detail, instance });
    }
    return json({
      issuer,
      introspection_endpoint: `${issuer}/api/v1/introspect`,
      // Not client_secret_post: nobody's body is read before they have shown a token in the head.
      introspection_endpoint_auth_methods_supported: ["client_secret_basic", "Bearer"],
      scopes_supported: [...apiPermissions(), ...Object.keys(LATCHKEY_SCOPES)],
      response_types_supported: [],
      grant_types_supported: [],
    });
  },
};

/**
 * The configured address that was asked (RFC 8414, section 3.3), else the verifier's. The Host header only chooses
 * between them: a client, or a cache before us, must never be sent elsewhere with its credentials. Without a configured
 * address the machine itself can be asked for a try.
 */
function issuerAt(host: string): string | undefined {
  const { VERIFIER_URL, APP_URL } = env();
  const configured = [VERIFIER_URL, APP_URL].filter((url) => url !== undefined);
  if (configured.length > 0) return configured.find((url) => new URL(url).host === host) ?? configured[0];
  return LOOPBACK.test(host) ? `http://${host}` : undefined;
}
