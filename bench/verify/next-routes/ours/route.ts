import { contextOf } from "@/lib/http/request-context";
import { presentedToken } from "@/lib/verification/bearer-token";
import { describeKey } from "@/lib/verification/describe-key";
import { verifyToken } from "@/lib/verification/verify-token";

export const dynamic = "force-dynamic";

/** Our verification as a library, as an application's own route would call it. */
export async function GET(request: Request): Promise<Response> {
  const presented = presentedToken(request.headers.get("authorization"));
  const context = contextOf(request.headers);
  const token = presented.kind === "token" ? presented.token : "";
  const occasion = { door: "handler", requestId: "bench", context } as const;
  const { decision, key } = await verifyToken(token, { ip: context.ip }, occasion);
  if (decision.code !== "valid" || !key) return Response.json({ success: false, code: decision.code }, { status: 401 });
  return Response.json({ success: true, data: describeKey(key, decision.scopes) });
}
