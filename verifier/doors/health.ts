import { readiness } from "@/lib/readiness";
import { type Door, json } from "../door.ts";

/** The process answers; says nothing about its database. */
export const live: Door = { methods: ["GET", "HEAD"], answer: () => json({ status: "ok" }) };

/** 200 when requests can be answered: the database is there and has every migration; else 503. */
export const ready: Door = {
  methods: ["GET", "HEAD"],
  async answer() {
    const checks = await readiness();
    const isReady = Object.values(checks).every((check) => check === "ok");
    return json({ status: isReady ? "ok" : "unavailable", checks }, isReady ? 200 : 503);
  },
};
