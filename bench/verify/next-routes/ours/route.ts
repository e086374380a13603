import { contextOf } from "@/lib/http/request-context";
import { presentedToken } from "@/lib/verification/bearer-token";
import { describeKey } from "@/lib/verification/describe-key";
import { verifyToken } from "@/lib/verification/verify-token";

export const dynamic = "force-dynamic";

/** Our verification as a library, as an application's own route would call it. */
export async function GET(request: Request): Promise<Response> {
  const presented = presentedToken(request.headers.get("authorization"));
  const client = contextOf(request.headers);
  const token = presented.kind === "token" ? presented.token : "";
  const context = { endpoint: "handler", requestId: "bench", client } as const;
  const { decision, key } = await verifyToken(token, { ip: client.ip }, context);
  if (decision.code !== "valid" || !key) return Response.json({ success: false, code: decision.code }, { status: 401 });
  return Response.json({ success: true, data: describeKey(key, decision.scopes) });
}
