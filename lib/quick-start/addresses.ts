import "server-only";
import { isIP } from "node:net";
import { appUrl, env, verifierPort } from "@/lib/env";

export type Addresses = {
  /** Where programs reach the console, which answers everything. */
  console: string;
  /** Where a gateway reaches the verifier: the console's host, the verifier's own port. */
  verifier: { host: string; port: number; isAddress: boolean };
};

/** This installation's own addresses. */
export function addresses(): Addresses {
  const { hostname } = new URL(appUrl());
  // A gateway that resolved "localhost" might find the IPv6 one, where it isn't always listening.
  const host = hostname === "localhost" ? "127.0.0.1" : hostname.replace(/^\[|\]$/g, "");
  return { console: appUrl(), verifier: { host, port: verifierPort(env()).port, isAddress: isIP(host) !== 0 } };
}
