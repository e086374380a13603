import { env } from "@/lib/env";
import { problem } from "@/lib/http/problem";
import { apiPermissions } from "@/lib/permissions/catalog";
import { LATCHKEY_SCOPES } from "@/lib/permissions/latchkey-scopes";
import { type Endpoint, json } from "../endpoint.ts";

/** Host headers that can only mean this machine. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Authorization server metadata (RFC 8414), so that introspection clients can discover the endpoint. There are no grants:
 * tokens are created only in the console.
 */
export const metadata: Endpoint = {
  methods: ["GET", "HEAD"],
  handle({ headers, instance }) {
    const issuer = issuerAt(headers.host ?? "");
    if (!issuer) {
      const detail = "This host isn't configured. Set VERIFIER_URL or APP_URL to the public URL.";
      return problem({ status: 400, code: "unknown_host", detail, instance });
    }
    return json({
      issuer,
      introspection_endpoint: `${issuer}/api/v1/introspect`,
      // Not client_secret_post: no body is read before a token was presented in the header.
      introspection_endpoint_auth_methods_supported: ["client_secret_basic", "Bearer"],
      scopes_supported: [...apiPermissions(), ...Object.keys(LATCHKEY_SCOPES)],
      response_types_supported: [],
      grant_types_supported: [],
    });
  },
};

/**
 * The configured URL whose host was requested (RFC 8414, section 3.3), else the verifier's. The Host header only selects
 * one of them: a forged one, or a cache in front, must not send clients elsewhere with their credentials. Without a
 * configured URL, loopback addresses work for a trial.
 */
function issuerAt(host: string): string | undefined {
  const { VERIFIER_URL, APP_URL } = env();
  const configured = [VERIFIER_URL, APP_URL].filter((url) => url !== undefined);
  if (configured.length > 0) return configured.find((url) => new URL(url).host === host) ?? configured[0];
  return LOOPBACK.test(host) ? `http://${host}` : undefined;
}
