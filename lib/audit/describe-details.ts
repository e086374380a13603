import { EXPIRY_CHOICES } from "@/lib/api-keys/expiry";
import { OVERLAP_CHOICES } from "@/lib/api-keys/rotate/overlap";
import { formatDate } from "@/lib/text/date-format";

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
const MINUS = "−";

/** Labels of details whose names don't read well as words. */
const LABELS: Record<string, string> = {
  allowed_ips: "IP allowlist",
  copied_from: "copied from",
  default_lifetime: "default expiration",
  default_overlap: "default grace period",
  expires_at: "expires",
  last_used_at: "last used",
  max_active_keys: "active keys per member",
  max_lifetime_days: "maximum lifetime (days)",
  may_never_expire: "keys that never expire",
  member_scopes: "scope limits",
  old_token_ends_at: "old token works until",
  overlap: "grace period",
  requires_ips: "IP allowlist required",
  successor: "replaced by",
  up_to: "up to entry",
};

/** Labels for an empty value where "none" would be misleading. */
const NOTHING: Record<string, string> = {
  allowed_ips: "any IP",
  expires_at: "never",
  last_used_at: "never",
  resource: "all resources",
  max_lifetime_days: "no limit",
  member_scopes: "no limit",
};

/** Options stored by a short name and shown with a label. */
const CHOICES: Record<string, Record<string, { label: string }>> = {
  overlap: OVERLAP_CHOICES,
  default_overlap: OVERLAP_CHOICES,
  default_lifetime: EXPIRY_CHOICES,
};

/** Details shown as a sentence. */
const SENTENCES: Record<string, (value: unknown) => string> = {
  more_in_the_last_minute: (count) => `and ${Number(count).toLocaleString("en-US")} more in the last minute`,
};

/** Suffix of the detail with the label, at the time of the entry, for the ID next to it; shown instead of the ID. */
const LABEL_SUFFIX = "_label";

/** Shown first; jsonb doesn't preserve order. */
const FIRST = ["kind", "format"];

type Details = Record<string, unknown>;

const isDetails = (value: unknown): value is Details =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Describes an entry's details, one phrase each: "from → to" for a change, "+added −removed" for lists, "name: value"
 * for the rest. Times are UTC. `leftOut` names details shown elsewhere.
 */
export function describeDetails(details: unknown, leftOut: string[] = []): string[] {
  if (!isDetails(details)) return [];
  const { from, to, added, removed, ...rest } = details;
  const parts: string[] = [];
  const names = Object.keys(rest)
    .filter((name) => !leftOut.includes(name) && !name.endsWith(LABEL_SUFFIX))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  const [first, others] = [names.filter((name) => FIRST.includes(name)), names.filter((name) => !FIRST.includes(name))];
  for (const name of first) parts.push(phrase(name, rest[name]));
  if (from !== undefined || to !== undefined) parts.push(...change(null, from, to));
  if (Array.isArray(added) || Array.isArray(removed)) parts.push(difference(list(added), list(removed)));
  for (const name of others) parts.push(...describeOne(name, rest[name + LABEL_SUFFIX] ?? rest[name]));
  return parts.filter(Boolean);
}

const rank = (name: string) => (FIRST.includes(name) ? 0 : 1);

function describeOne(name: string, value: unknown): string[] {
  if (!isDetails(value)) return [phrase(name, value)];
  const { from, to, added, removed } = value;
  if ("from" in value || "to" in value) return change(name, from, to);
  if (Array.isArray(added) || Array.isArray(removed)) {
    return [`${label(name)}: ${difference(list(added), list(removed))}`];
  }
  return Object.entries(value).flatMap(([inner, each]) => describeOne(inner, each));
}

/** A change of one value, or of several if both sides are objects. */
function change(name: string | null, from: unknown, to: unknown): string[] {
  const start = name === null ? "" : `${label(name)}: `;
  if (isDetails(from) && isDetails(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
    return names
      .filter((each) => JSON.stringify(from[each]) !== JSON.stringify(to[each]))
      .flatMap((each) => change(each, from[each], to[each]));
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    const added = to.filter((each) => !from.includes(each));
    const removed = from.filter((each) => !to.includes(each));
    if (from.length > 0 && to.length > 0) return [start + difference(added, removed)];
  }
  // A timestamp without a name is an expiry; null means that the key never expires.
  const what = name ?? ([from, to].some((each) => ISO_TIME.test(String(each))) ? "expires_at" : null);
  return [`${start}${inWords(from, what)} → ${inWords(to, what)}`];
}

function difference(added: unknown[], removed: unknown[]): string {
  return [...added.map((each) => `+${String(each)}`), ...removed.map((each) => `${MINUS}${String(each)}`)].join(" ");
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** `camelCase` and `snake_case` as words. */
function label(name: string): string {
  const snake = snakeCase(name);
  return LABELS[snake] ?? snake.replaceAll("_", " ");
}

const phrase = (name: string, value: unknown) => SENTENCES[name]?.(value) ?? `${label(name)}: ${inWords(value, name)}`;

function inWords(value: unknown, name: string | null): string {
  const known = snakeCase(name ?? "");
  const isNothing = value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
  if (isNothing) return NOTHING[known] ?? "none";
  if (Array.isArray(value)) return value.map((each) => inWords(each, name)).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (isDetails(value)) return describeDetails(value).join(", ");
  const text = String(value);
  const choice = CHOICES[known]?.[text];
  if (choice) return choice.label;
  return ISO_TIME.test(text) ? formatDate(text, "exact", "UTC") : text;
}
