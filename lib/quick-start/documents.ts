import "server-only";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Addresses } from "@/lib/quick-start/addresses";
import { otherPair, partOf, type ScopePair } from "@/lib/quick-start/choice";

// Values used in docs/gateways, checked by a test.
const VERIFIER = /127\.0\.0\.1:3001/g;
const ENVOY_VERIFIER = /address: 127\.0\.0\.1, port_value: 3001/g;
const QUESTION = /\bread=/g;
const SCOPES = /\b(events|reports)(?:\.(read|write))?\b/g;

/** A file from docs/gateways with this installation's URLs, scopes and team; null if the docs aren't installed. */
export async function gatewayFile(
  name: string,
  { verifier }: Addresses,
  team: string,
  scopes: ScopePair,
): Promise<string | null> {
  const text = await readDocument("gateways", name);
  if (text === null) return null;
  const { host, port, isAddress } = verifier;
  const other = otherPair(scopes);
  const part = { events: partOf(scopes.read), reports: partOf(other.read) };
  // A catalog with a single part has no second one to show.
  if (part.reports === part.events) part.reports = `more_${part.events}`;
  const pairs = { events: scopes, reports: other };
  const adapted = text
    .replace(SCOPES, (_, which: "events" | "reports", access?: "read" | "write") =>
      access ? pairs[which][access] : part[which],
    )
    .replace(QUESTION, `team=${team}&read=`)
    .replace(ENVOY_VERIFIER, `address: ${host}, port_value: ${port}`)
    .replace(VERIFIER, `${isAddress && host.includes(":") ? `[${host}]` : host}:${port}`);
  // Without a type, Envoy expects an IP address in a cluster.
  return isAddress ? adapted : adapted.replace("- name: latchkey\n", "- name: latchkey\n      type: STRICT_DNS\n");
}

/** The Node middleware from docs/middleware.md, which is tested there; null if the docs aren't installed. */
export async function nodeMiddleware(): Promise<string | null> {
  const text = await readDocument("middleware.md");
  return /```js\n(.*?)```/s.exec(text ?? "")?.[1] ?? null;
}

async function readDocument(...path: string[]): Promise<string | null> {
  return readFile(join(process.cwd(), "docs", ...path), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}
