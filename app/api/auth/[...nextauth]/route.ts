import NextAuth from "next-auth";
import { authOptions, withHonestStatus } from "@/lib/auth/next-auth";

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: Request, context: Context): Promise<Response> {
  return withHonestStatus(await NextAuth(request as never, context as never, authOptions()));
}

export { handle as GET, handle as POST };
