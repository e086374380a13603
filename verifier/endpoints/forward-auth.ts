import { problem } from "@/lib/http/problem";
import { effectiveExpiry } from "@/lib/policies/at-verification";
import { memoize } from "@/lib/text/memoize";
import { accessOf } from "@/lib/verification/decide";
import { bearerCaller, type Caller } from "@/lib/verification/verify-token";
import type { Endpoint, EndpointRequest, EndpointResponse } from "../endpoint.ts";
import { type Requirement, readRequirement } from "./forward-auth-requirement.ts";
import { isPreflight } from "./preflight.ts";

/**
 * A gateway's subrequest for every request to the API behind it, with the client's headers. Decisions are 200, 401 or 403,
 * because gateways treat other statuses as failures; 429 and 503 are deliberate exceptions.
 */
export const forwardAuth: Endpoint = {
  name: "forward-auth",
  methods: "any",
  handle(request) {
    const requirement = readRequirement(request.query);
    if ("fault" in requirement) return misconfigured(requirement.fault, request);
    if (requirement.allowsPreflight && isPreflight(clientMethods(request), request.headers)) return PREFLIGHT;
    const { authorization, client, requestId } = request;
    const { resource, team } = requirement;
    const question = { scopes: scopesFor(requirement, request), resource, team, ip: client.ip };
    return bearerCaller(authorization, question, { endpoint: "forward-auth", requestId, client }, allowed);
  },
};

const allowed = (caller: Caller): EndpointResponse => ({
  status: 200,
  headers: identityOf(caller),
  // nginx and Caddy reuse the connection of a subrequest only when its answer has no body.
  body: "",
  isAscii: true,
});

/** Counts as a read only if every method header names a safe method: a client may have sent one of them. */
function scopesFor(requirement: Requirement, request: EndpointRequest): readonly string[] {
  if (requirement.scopes) return requirement.scopes;
  const methods = clientMethods(request);
  const isRead = methods.length > 0 && methods.every((method) => accessOf(method.toUpperCase()) === "read");
  return isRead ? requirement.read : requirement.write;
}

/** A gateway sets one of these two headers, and passes on the other as the client sent it. */
function clientMethods({ headers }: EndpointRequest): string[] {
  // Node joins repeated headers with commas, so each is one string.
  return [headers["x-forwarded-method"], headers["x-original-method"]].filter(
    (method): method is string => method !== undefined,
  );
}

/** Identity headers, which a gateway copies from the response and strips from the client's request. */
export const IDENTITY_HEADERS = [
  "x-latchkey-key-id",
  "x-latchkey-key-kind",
  "x-latchkey-key-name",
  "x-latchkey-team-id",
  "x-latchkey-team",
  "x-latchkey-member-id",
  "x-latchkey-member-email",
  "x-latchkey-role",
  "x-latchkey-scopes",
  "x-latchkey-resource",
  "x-latchkey-expires-at",
] as const;

/** A preflight carries no credentials, so all identity headers are empty. */
const PREFLIGHT: EndpointResponse = {
  status: 200,
  headers: Object.fromEntries(IDENTITY_HEADERS.map((name) => [name, ""])),
  body: "",
  isAscii: true,
};

/** Always every header, empty without a value: otherwise the client could supply it. */
function identityOf({ key, scopes }: Caller): Record<string, string> {
  const { team, member } = key;
  return {
    "x-latchkey-key-id": key.id,
    "x-latchkey-key-kind": key.kind,
    "x-latchkey-key-name": encodedName(key.nameJson),
    "x-latchkey-team-id": team.id,
    "x-latchkey-team": team.slug,
    "x-latchkey-member-id": member?.id ?? "",
    "x-latchkey-member-email": encoded(member?.email),
    "x-latchkey-role": encoded(member?.roleName),
    "x-latchkey-scopes": scopes.join(" "),
    "x-latchkey-resource": encoded(key.resource),
    "x-latchkey-expires-at": effectiveExpiry(key)?.toISOString() ?? "",
  } satisfies Record<(typeof IDENTITY_HEADERS)[number], string>;
}

/** Headers are ASCII: free text is percent-encoded UTF-8 (RFC 3986), with @ and : left readable. */
const encode = (text: string) => encodeURIComponent(text).replaceAll("%40", "@").replaceAll("%3A", ":");

const percentEncoded = memoize(encode);
const encodedName = memoize((nameJson) => encode(JSON.parse(nameJson) ?? ""));

const encoded = (text: string | null | undefined) => (text ? percentEncoded(text) : "");

/** The gateway is misconfigured: both a 200 and a 401 or 403 that blames the client would be wrong. */
function misconfigured(detail: string, { instance }: EndpointRequest): EndpointResponse {
  return problem({ status: 400, code: "invalid_question", detail, instance });
}
