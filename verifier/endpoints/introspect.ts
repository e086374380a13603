import { normalizeIp } from "@/lib/api-keys/ip-ranges";
import { type Problem, problem } from "@/lib/http/problem";
import { effectiveExpiry } from "@/lib/policies/at-verification";
import type { VerifiedKey } from "@/lib/verification/verified-key";
import { type Caller, decideAbout, findKeyFor, refuseUndecided } from "@/lib/verification/verify-token";
import { presentedCredential, verifyingCaller } from "../caller.ts";
import { type Endpoint, type EndpointRequest, json, type PresentedCredential } from "../endpoint.ts";

/**
 * Token introspection (RFC 7662) for keys of the caller's team. A token that is not active, or another team's, gets exactly
 * `{"active":false}`. `ip` is an extension parameter (section 2.1): the address of the client that presented the token,
 * which a key limited to addresses needs.
 */
export const introspect: Endpoint = {
  name: "introspect",
  methods: ["POST"],
  takesBody: true,
  async handle(request) {
    const credential = presentedCredential(request);
    if ("status" in credential) return credential;
    const question = readQuestion(request, credential);
    // Both lookups share a batch; the second one's result is returned only after the caller is authorized.
    const found = question.token === undefined ? undefined : findKeyFor(credential.tokenHash, question.token);
    found?.catch(() => {});
    const caller = await verifyingCaller(credential, request, "introspect");
    if (!("key" in caller)) return caller;
    if (!found) return question.problem ?? noToken(request);
    try {
      return json(resultFor(await found, caller, question.ip, request));
    } catch (error) {
      return refuseUndecided(error, { ...request, endpoint: "introspect" });
    }
  },
};

const INACTIVE = { active: false };

function resultFor(found: VerifiedKey | null, caller: Caller, ip: string | null, { requestId }: EndpointRequest) {
  const key = found?.team.id === caller.key.team.id ? found : null;
  const { decision } = decideAbout(key, { ip }, { endpoint: "introspect", requestId, client: { ip, userAgent: null } });
  return key && decision.code === "valid" ? active(key, decision.scopes) : INACTIVE;
}

/** RFC 7662, section 2.2: times are integer seconds. The members after `jti` are extensions. */
function active(key: VerifiedKey, scopes: string[]) {
  const expiresAt = effectiveExpiry(key);
  return {
    active: true,
    scope: scopes.join(" "),
    client_id: key.id,
    username: key.member?.email || undefined,
    token_type: "Bearer",
    exp: expiresAt ? Math.floor(expiresAt.getTime() / 1_000) : undefined,
    iat: Math.floor(key.createdAt.getTime() / 1_000),
    sub: key.member?.id ?? key.id,
    jti: key.id,
    key_name: key.name,
    key_kind: key.kind,
    team: key.team.slug,
    team_id: key.team.id,
    resource: key.resource ?? undefined,
  };
}

type Question = { token?: string; ip: string | null; problem?: Problem };

function readQuestion({ headers, body, instance }: EndpointRequest, credential: PresentedCredential): Question {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") {
    const detail = "Send the token as application/x-www-form-urlencoded.";
    return { ip: null, problem: problem({ status: 415, code: "unsupported_media_type", detail, instance }) };
  }
  const form = new URLSearchParams(body.toString("utf8"));
  if (presentsAnother(form, credential)) {
    const detail = "The form's client_id or client_secret doesn't match the Authorization header.";
    return { ip: null, problem: problem({ status: 400, code: "invalid_request", detail, instance }) };
  }
  const ip = form.get("ip");
  return form.getAll("token").length === 1
    ? { token: form.get("token") ?? undefined, ip: ip === null ? null : (normalizeIp(ip) ?? null) }
    : { ip: null };
}

/**
 * Some clients repeat the header's credential in the form (RFC 6749, section 2.3), and Dovecot sends both fields empty:
 * only a different credential is refused.
 */
function presentsAnother(form: URLSearchParams, { keyId, token }: PresentedCredential): boolean {
  const differs = (name: string, own: string) => form.getAll(name).some((value) => value !== "" && value !== own);
  return (keyId !== null && differs("client_id", keyId)) || differs("client_secret", token);
}

function noToken({ instance }: EndpointRequest): Problem {
  const detail = "Send one token in the form field “token”.";
  return problem({ status: 400, code: "invalid_request", detail, instance });
}
