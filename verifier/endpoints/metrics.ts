import { lookupPool, usagePool } from "@/lib/verification/connections";
import { metrics as verificationMetrics } from "@/lib/verification/metrics";
import type { Endpoint } from "../endpoint.ts";
import { refuseMetrics } from "./metrics-access.ts";

/** Prometheus text format, for operators only. */
export const metrics: Endpoint = {
  methods: ["GET", "HEAD"],
  async handle(request) {
    const refusal = refuseMetrics(request);
    if (refusal) return refusal;
    const { registry } = verificationMetrics;
    return { status: 200, headers: { "content-type": registry.contentType }, body: await registry.metrics() };
  },
};

for (const [purpose, pool] of Object.entries({ lookup: lookupPool, usage: usagePool })) {
  verificationMetrics.watch(`latchkey_${purpose}_pool_connections`, `Database connections for ${purpose}.`, () => ({
    open: pool.totalCount,
    idle: pool.idleCount,
    awaited: pool.waitingCount,
  }));
}
