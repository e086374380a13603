import { env } from "@/lib/env";
import { apiPermissions } from "@/lib/permissions/catalogue";
import { LATCHKEY_SCOPES } from "@/lib/permissions/latchkey-scopes";
import { problem } from "@/lib/problem";
import { type Door, type DoorRequest, json } from "../door.ts";

const HOST = /^[a-z0-9.-]+(?::\d{1,5})?$|^\[[0-9a-f:]+\](?::\d{1,5})?$/i;

/**
 * Authorization server metadata (RFC 8414), so that introspection clients find the endpoint by the
 * address they know. No grant is offered: tokens are made in the console alone.
 */
export const metadata: Door = {
  methods: ["GET", "HEAD"],
  answer(request) {
    const issuer = issuerOf(request);
    if (!issuer) {
      const { instance } = request;
      return problem({ status: 400, code: "malformed_request", detail: "The Host header is no host.", instance });
    }
    return json({
      issuer,
      introspection_endpoint: `${issuer}/api/v1/introspect`,
      introspection_endpoint_auth_methods_supported: ["client_secret_basic", "Bearer"],
      scopes_supported: [...apiPermissions(), ...Object.keys(LATCHKEY_SCOPES)],
      response_types_supported: [],
      grant_types_supported: [],
    });
  },
};

/** The address that was asked, which RFC 8414 (section 3.3) requires; over https where APP_URL says so for it. */
function issuerOf({ headers }: DoorRequest): string | null {
  const { APP_URL } = env();
  const host = headers.host ?? "";
  if (APP_URL && new URL(APP_URL).host === host) return APP_URL;
  if (!HOST.test(host)) return null;
  return `${headers["x-forwarded-proto"] === "https" ? "https" : "http"}://${host}`;
}
