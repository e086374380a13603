import { readiness } from "@/lib/readiness";

/** 200 when requests can be answered: the database is there and has every migration; else 503. */
export async function GET(): Promise<Response> {
  const checks = await readiness();
  const isReady = Object.values(checks).every((check) => check === "ok");
  return Response.json({ status: isReady ? "ok" : "unavailable", checks }, { status: isReady ? 200 : 503 });
}
