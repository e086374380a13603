import { memoize } from "@/lib/text/memoize";
import { NO_SCOPE_SERVES } from "@/lib/verification/decide";

/** What the query of a forward-auth URL requires: fixed scopes, or scopes by method. */
export type Requirement = { resource?: string; team?: string; allowsPreflight?: boolean } & (
  | { scopes: readonly string[] }
  /** {@link NO_SCOPE_SERVES} for an omitted one. */
  | { scopes?: undefined; read: readonly string[]; write: readonly string[] }
);

const NAMES = ["scope", "read", "write", "resource", "team", "preflight"] as const;
/** Tokens in URLs end up in logs, so they are not accepted. */
const IGNORED = new Set(["token", "access_token"]);

/**
 * Some gateways can only append the client's URL to ours. Everything from this parameter on is chosen by the client and
 * must not be parsed.
 */
const CLIENTS_PART = /(?:^|&)original=/;

/** Parses the query of a forward-auth request. An ignored mistake would require too little, so each one is a fault. */
export function readRequirement(query: string): Requirement | { fault: string } {
  const end = CLIENTS_PART.exec(query)?.index ?? query.length;
  return parse(query.slice(0, end));
}

const parse = memoize((query: string): Requirement | { fault: string } => {
  const given: Partial<Record<(typeof NAMES)[number], string>> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    if (IGNORED.has(name)) continue;
    const known = NAMES.find((each) => each === name);
    if (!known) return { fault: `Unknown parameter “${name.slice(0, 40)}”.` };
    if (given[known] !== undefined) return { fault: `Send the parameter “${known}” once.` };
    // A list of only commas would require nothing.
    if (listOf(value).length === 0) return { fault: `The parameter “${known}” is empty.` };
    given[known] = value.trim();
  }
  const { scope, read, write, resource, team, preflight } = given;
  if (preflight !== undefined && preflight !== "allow") return { fault: "“preflight” must be “allow”." };
  const common = { resource, team, allowsPreflight: preflight === "allow" };
  if (read === undefined && write === undefined) return { scopes: listOf(scope), ...common };
  if (scope !== undefined) return { fault: "Send either “scope”, or “read” and “write”." };
  return {
    read: read ? listOf(read) : NO_SCOPE_SERVES,
    write: write ? listOf(write) : NO_SCOPE_SERVES,
    ...common,
  };
});

const listOf = (text = "") => text.split(/[\s,]+/).filter(Boolean);
