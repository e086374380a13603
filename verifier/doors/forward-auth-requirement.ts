import { remembering } from "@/lib/text/remembering";
import { NO_SCOPE_SERVES } from "@/lib/verification/decide";

/** What a gateway's address for this door asks for: the same scopes always, or those that the method needs. */
export type Requirement = { resource?: string; team?: string; allowsPreflight?: boolean } & (
  | { scopes: readonly string[] }
  /** {@link NO_SCOPE_SERVES} for the one that isn't given. */
  | { scopes?: undefined; read: readonly string[]; write: readonly string[] }
);

const NAMES = ["scope", "read", "write", "resource", "team", "preflight"] as const;
/** Tokens in addresses end up in logs, so they count for nothing. */
const IGNORED = new Set(["token", "access_token"]);

/**
 * Some gateways can only put the client's own address behind ours. What stands behind this is
 * theirs, and no part of the question.
 */
const CLIENTS_PART = /(?:^|&)original=/;

/** Reads the query of a forward-auth request. A mistake is named, never passed over: it would ask for too little. */
export function readRequirement(query: string): Requirement | { fault: string } {
  const end = CLIENTS_PART.exec(query)?.index ?? query.length;
  return parse(query.slice(0, end));
}

const parse = remembering((query: string): Requirement | { fault: string } => {
  const given: Partial<Record<(typeof NAMES)[number], string>> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    if (IGNORED.has(name)) continue;
    const known = NAMES.find((each) => each === name);
    if (!known) return { fault: `forward-auth doesn't know the parameter “${name.slice(0, 40)}”.` };
    if (given[known] !== undefined) return { fault: `The parameter “${known}” is there twice.` };
    // A list of nothing but commas would ask for nothing.
    if (listOf(value).length === 0) return { fault: `The parameter “${known}” is empty.` };
    given[known] = value.trim();
  }
  const { scope, read, write, resource, team, preflight } = given;
  if (preflight !== undefined && preflight !== "allow") return { fault: "“preflight” can only be “allow”." };
  const common = { resource, team, allowsPreflight: preflight === "allow" };
  if (read === undefined && write === undefined) return { scopes: listOf(scope), ...common };
  if (scope !== undefined) return { fault: "Ask for “scope”, or for “read” and “write”." };
  return {
    read: read ? listOf(read) : NO_SCOPE_SERVES,
    write: write ? listOf(write) : NO_SCOPE_SERVES,
    ...common,
  };
});

const listOf = (text = "") => text.split(/[\s,]+/).filter(Boolean);
