import { readiness } from "@/lib/database/readiness";
import { type Door, json } from "../door.ts";

/** The process answers; says nothing about its database. */
export const live: Door = { methods: ["GET", "HEAD"], answer: () => json({ status: "ok" }) };

/** 200 when requests should be sent here: the database is there, has every migration, and the process isn't stopping. */
export const ready: Door = {
  methods: ["GET", "HEAD"],
  async answer({ isDraining }) {
    const checks = { process: isDraining ? "stopping" : "ok", ...(await readiness()) };
    const isReady = Object.values(checks).every((check) => check === "ok");
    return json({ status: isReady ? "ok" : "unavailable", checks }, isReady ? 200 : 503);
  },
};
