import type { z } from "zod";
import { errorProblem } from "@/lib/http/error-problem";
import { parseJson } from "@/lib/http/json-body";
import { asciiJson } from "@/lib/text/ascii-json";
import { describeKey } from "@/lib/verification/describe-key";
import type { VerifiedKey } from "@/lib/verification/verified-key";
import { verifySchema } from "@/lib/verification/verify-schema";
import { type Caller, decideAbout, findKeyFor, refuseUndecided } from "@/lib/verification/verify-token";
import { presentedCredential, verifyingCaller } from "../caller.ts";
import { type Endpoint, type EndpointRequest, success } from "../endpoint.ts";

type Question = z.output<typeof verifySchema>;

/** Checks tokens of the caller's team against scopes, resource, method and address. Other teams' are `not_found`. */
export const verify: Endpoint = {
  name: "verify",
  methods: ["POST"],
  takesBody: true,
  async handle(request) {
    const credential = presentedCredential(request);
    if ("status" in credential) return credential;
    const question = readQuestion(request.headers["content-type"], request.body);
    const find = (token: string) => findKeyFor(credential.tokenHash, token);
    // A single token's lookup shares the caller's batch; its result is returned only after the caller is authorized.
    const early = "token" in question && question.token !== undefined ? find(question.token) : undefined;
    early?.catch(() => {});
    const caller = await verifyingCaller(credential, request, "verify");
    if (!("key" in caller)) return caller;
    if ("error" in question) return errorProblem(question.error, request.instance);
    try {
      if (early) return success(resultFor(await early, caller, question, request));
      const found = await Promise.all((question.tokens ?? []).map(find));
      return success(`[${found.map((key) => resultFor(key, caller, question, request)).join(",")}]`);
    } catch (error) {
      return refuseUndecided(error, { ...request, endpoint: "verify" });
    }
  },
};

function readQuestion(contentType: string | undefined, body: Buffer): Question | { error: unknown } {
  try {
    return parseJson(contentType, body.toString("utf8"), verifySchema);
  } catch (error) {
    return { error };
  }
}

function resultFor(found: VerifiedKey | null, caller: Caller, question: Question, { requestId }: EndpointRequest) {
  const { scopes, resource, method, ip = null } = question;
  const key = found?.team.id === caller.key.team.id ? found : null;
  const context = { endpoint: "verify", requestId, client: { ip, userAgent: null } } as const;
  const { decision } = decideAbout(key, { scopes, resource, method, ip }, context);
  const effective = "scopes" in decision ? decision.scopes : [];
  const described = key ? describeKey(key, effective) : '"key":null';
  const missing = "missing" in decision ? `,"missing_scopes":${asciiJson(decision.missing)}` : "";
  return `{"valid":${decision.code === "valid"},"code":"${decision.code}",${described}${missing}}`;
}
