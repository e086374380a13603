import "server-only";
import { isIP } from "node:net";
import { appUrl, env, verifierPort } from "@/lib/env";

export type Addresses = {
  /** The console's URL for programs; it serves all endpoints. */
  console: string;
  /** The verifier for gateways: the console's host and the verifier's port. */
  verifier: { host: string; port: number; isAddress: boolean };
};

/** This installation's URLs. */
export function addresses(): Addresses {
  const { hostname } = new URL(appUrl());
  // A gateway could resolve "localhost" to IPv6, where the verifier may not be listening.
  const host = hostname === "localhost" ? "127.0.0.1" : hostname.replace(/^\[|\]$/g, "");
  return { console: appUrl(), verifier: { host, port: verifierPort(env()).port, isAddress: isIP(host) !== 0 } };
}
