import { z } from "zod";
import { normaliseIp } from "@/lib/api-keys/ip-ranges";
import { errorProblem } from "@/lib/error-problem";
import { parseJson } from "@/lib/json-body";
import { describeKey } from "@/lib/verification/describe-key";
import type { VerifiedKey } from "@/lib/verification/key-row";
import { type Caller, decideAbout, findKey, refuseUnavailable } from "@/lib/verification/verify-token";
import { verifyingCaller } from "../caller.ts";
import { type Door, success } from "../door.ts";

const MAX_TOKENS = 100;
const token = z.string().max(1_000);

/** What `POST /api/v1/verify` takes: one token or up to a hundred, and what is asked of each. */
export const verifySchema = z
  .strictObject({
    token: token.optional(),
    tokens: z.array(token).min(1).max(MAX_TOKENS, `Send at most ${MAX_TOKENS} tokens.`).optional(),
    scopes: z.array(z.string().min(1).max(64)).max(200).optional(),
    resource: z
      .union([z.string().min(1).max(300), z.strictObject({ type: z.string().max(64), id: z.string().max(200) })])
      .transform((resource) => (typeof resource === "string" ? resource : `${resource.type}:${resource.id}`))
      .optional(),
    ip: z
      .string()
      .transform((text, context) => {
        const ip = normaliseIp(text);
        if (ip === undefined) context.addIssue({ code: "custom", message: "This is not an IP address." });
        return ip ?? null;
      })
      .optional(),
    method: z
      .string()
      .regex(/^[A-Za-z]{1,20}$/, "This is not an HTTP method.")
      .transform((method) => method.toUpperCase())
      .optional(),
  })
  .refine(({ token, tokens }) => (token === undefined) !== (tokens === undefined), {
    error: "Send either “token” or “tokens”.",
    path: ["token"],
  });

type Question = z.output<typeof verifySchema>;

/** Whether tokens of the caller's team are good for something. Other teams' are `not_found`. */
export const verify: Door = {
  name: "verify",
  methods: ["POST"],
  async answer(request) {
    const question = readQuestion(request.headers["content-type"], request.body);
    // One look-up goes to the database together with the caller's; what it finds is told to a good caller alone.
    const early = "token" in question && question.token !== undefined ? findKey(question.token) : undefined;
    early?.catch(() => {});
    const caller = await verifyingCaller(request, "verify");
    if (!("key" in caller)) return caller;
    if ("error" in question) return errorProblem(question.error, request.instance);
    try {
      if (early) return success(answerAbout(await early, caller, question));
      const found = await Promise.all((question.tokens ?? []).map(findKey));
      return success(found.map((key) => answerAbout(key, caller, question)));
    } catch (error) {
      return refuseUnavailable(error, { door: "verify", context: request.context }, request);
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

function answerAbout(found: VerifiedKey | null, caller: Caller, { scopes, resource, method, ip = null }: Question) {
  const key = found?.team.id === caller.key.team.id ? found : null;
  const occasion = { door: "verify", context: { ip, userAgent: null } } as const;
  const { decision } = decideAbout(key, { scopes, resource, method, ip }, occasion);
  const effective = "scopes" in decision ? decision.scopes : [];
  return {
    valid: decision.code === "valid",
    code: decision.code,
    ...(key ? describeKey(key, effective) : { key: null }),
    ...("missing" in decision && { missing_scopes: decision.missing }),
  };
}
