import type { Problem } from "@/lib/http/problem";
import { problem } from "@/lib/http/problem";
import { presentedToken } from "@/lib/verification/bearer-token";
import { malformedToken, noToken, withChallenge } from "@/lib/verification/refusals";
import {
  type Caller,
  callerOrRefusal,
  decideAbout,
  findKeyByHash,
  refuseUndecided,
  tokenHashOf,
} from "@/lib/verification/verify-token";
import { basicCredentials } from "./basic-credentials.ts";
import type { EndpointRequest, PresentedCredential } from "./endpoint.ts";

const SCOPE = "keys.verify";
const BASIC = 'Basic realm="latchkey", charset="UTF-8"';

/**
 * The credential of a client that asks about keys, as Bearer (RFC 6750) or as Basic with the key's id and the token (RFC
 * 7662, section 2.1; RFC 6749, section 2.3.1), or the problem that refuses it. Parsed once per request.
 */
export function presentedCredential(request: EndpointRequest): PresentedCredential | Problem {
  request.credential ??= readCredential(request);
  return request.credential;
}

/** Whether the credential can be a token: requests without one are refused before their body is read. */
export function presentsToken(request: EndpointRequest): boolean {
  const credential = presentedCredential(request);
  return "token" in credential && credential.tokenHash !== null;
}

function readCredential({ authorization, instance }: EndpointRequest): PresentedCredential | Problem {
  const basic = basicCredentials(authorization);
  const presented = basic ? { kind: "token" as const, token: basic.token } : presentedToken(authorization);
  if (presented.kind === "none") return noToken(instance, `Bearer realm="latchkey", ${BASIC}`);
  if (presented.kind === "malformed") return malformedToken(instance);
  const { token } = presented;
  return { keyId: basic?.keyId ?? null, token, tokenHash: tokenHashOf(token) };
}

/** The team key, if it may ask about keys, or the problem that refuses it. */
export async function verifyingCaller(
  { keyId, tokenHash }: PresentedCredential,
  { client, requestId, instance }: EndpointRequest,
  endpoint: "introspect" | "verify",
): Promise<Caller | Problem> {
  const context = { endpoint, requestId, client };
  try {
    const key = await findKeyByHash(tokenHash);
    const isOther = keyId !== null && key?.id !== keyId;
    const verification = decideAbout(isOther ? null : key, { scopes: [SCOPE], ip: client.ip }, context);
    const caller = callerOrRefusal(verification, context);
    return keyId !== null && "status" in caller && caller.status === 401 ? invalidClient(instance) : caller;
  } catch (error) {
    return refuseUndecided(error, context);
  }
}

/** RFC 6749, section 5.2: the challenge to a client that used Basic names Basic. */
function invalidClient(instance: string): Problem {
  const detail = "The key ID and token don't match an active key.";
  return withChallenge(problem({ status: 401, code: "invalid_client", detail, instance }), BASIC);
}
