import { securityTxt } from "@/lib/http/security-txt";

export function GET(): Response {
  const text = securityTxt(new Date());
  if (text === null) return new Response("Not found\n", { status: 404, headers: PLAIN_TEXT });
  return new Response(text, { headers: PLAIN_TEXT });
}

const PLAIN_TEXT = { "content-type": "text/plain; charset=utf-8" };
