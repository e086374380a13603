import { readiness } from "@/lib/database/readiness";
import { type Door, json } from "../endpoint.ts";

/** Liveness of the process, independent of its database. */
export const live: Door = { methods: ["GET", "HEAD"], answer: () => json({ status: "ok" }) };

/** 200 while this instance should get requests: the database is reachable, fully migrated, and the process isn't stopping. */
export const ready: Door = {
  methods: ["GET", "HEAD"],
  async answer({ isDraining }) {
    const checks = { process: isDraining ? "stopping" : "ok", ...(await readiness()) };
    const isReady = Object.values(checks).every((check) => check === "ok");
    return json({ status: isReady ? "ok" : "unavailable", checks }, isReady ? 200 : 503);
  },
};
