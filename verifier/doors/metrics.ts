import ipaddr from "ipaddr.js";
import { problem } from "@/lib/problem";
import { lookupPool, usagePool } from "@/lib/verification/connections";
import { metrics as verificationMetrics } from "@/lib/verification/metrics";
import type { Door } from "../door.ts";

const NEARBY = new Set(["loopback", "private", "uniqueLocal", "linkLocal"]);

/** Prometheus text, for the own network alone: how much is used and refused is nobody else's business. */
export const metrics: Door = {
  methods: ["GET", "HEAD"],
  async answer({ context: { ip }, instance }) {
    const range = ip !== null && ipaddr.isValid(ip) ? ipaddr.process(ip).range() : "unknown";
    if (!NEARBY.has(range)) {
      const detail = "Metrics are told to loopback and private addresses only.";
      return problem({ status: 403, code: "forbidden", detail, instance });
    }
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
