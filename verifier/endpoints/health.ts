import { readiness } from "@/lib/database/readiness";
import { type Endpoint, json } from "../endpoint.ts";

/** Liveness of the process, independent of its database. */
export const live: Endpoint = { methods: ["GET", "HEAD"], handle: () => json({ status: "ok" }) };

/** 200 while this instance should get requests: the database is reachable, fully migrated, and the process isn't stopping. */
export const ready: Endpoint = {
  methods: ["GET", "HEAD"],
  async handle({ isDraining }) {
    const checks = { process: isDraining ? "stopping" : "ok", ...(await readiness()) };
    const isReady = Object.values(checks).every((check) => check === "ok");
    return json({ status: isReady ? "ok" : "unavailable", checks }, isReady ? 200 : 503);
  },
};
