import { expect, test } from "vitest";
import { describeDetails } from "@/lib/audit/describe-details";

test.each<[string, unknown, string[]]>([
  ["nothing", {}, []],
  ["no object", ["x"], []],
  [
    "a key that was made",
    { scopes: ["events.read", "events.write"], kind: "personal", expires_at: null },
    ["kind: personal", "expires: never", "scopes: events.read, events.write"],
  ],
  ["a new name", { to: "Zapier", from: null, kind: "team" }, ["kind: team", "none → Zapier"]],
  ["a new expiry", { from: "2026-01-02T03:04:05.000Z", to: null }, ["2 Jan 2026, 03:04:05 UTC → never"]],
  [
    "a role that gained and lost",
    { added: ["events.write"], removed: ["reports.read"], members: 3 },
    ["+events.write −reports.read", "members: 3"],
  ],
  ["a list before and after", { from: ["a", "b"], to: ["b", "c"] }, ["+c −a"]],
  [
    "a key that was narrowed",
    {
      kind: "team",
      from: { resource: null, allowed_ips: [] },
      to: { resource: "event:1", allowed_ips: ["10.0.0.0/8"] },
    },
    ["kind: team", "IP allowlist: any IP → 10.0.0.0/8", "resource: all resources → event:1"],
  ],
  [
    "a rotation",
    { kind: "team", overlap: "24h", old_token_ends_at: "2026-01-02T03:04:05.000Z", dropped_scopes: ["a.b"] },
    ["kind: team", "dropped scopes: a.b", "old token works until: 2 Jan 2026, 03:04:05 UTC", "grace period: 24 hours"],
  ],
  [
    "a policy, of which only what changed is said",
    {
      from: {
        maxLifetimeDays: null,
        mayNeverExpire: true,
        memberScopes: ["a.b"],
        maxActiveKeys: 10,
        defaultLifetime: "90d",
      },
      to: {
        maxLifetimeDays: 90,
        mayNeverExpire: false,
        memberScopes: ["a.c"],
        maxActiveKeys: 10,
        defaultLifetime: "1y",
      },
    },
    [
      "default expiration: 90 days → 1 year",
      "maximum lifetime (days): no limit → 90",
      "keys that never expire: yes → no",
      "scope limits: +a.c −a.b",
    ],
  ],
  ["a name that was changed", { name: { from: "Ada", to: "Bob" } }, ["name: Ada → Bob"]],
  ["a choice that isn't offered any longer", { overlap: "3h" }, ["grace period: 3h"]],
  [
    "an export",
    { up_to: 12, from_day: "2026-01-01", format: "csv" },
    ["format: csv", "from day: 2026-01-01", "up to entry: 12"],
  ],
  [
    "an expiry where there was none",
    { from: null, to: "2026-01-02T03:04:05.000Z" },
    ["never → 2 Jan 2026, 03:04:05 UTC"],
  ],
  [
    "another key by what it is called, and by its id where an entry has no more",
    { overlap: "1h", successor: "01a1ff48", successor_label: "“Zapier” lk_pat_93f4…528c", replaces: "01a1ff47" },
    ["grace period: 1 hour", "replaces: 01a1ff47", "replaced by: “Zapier” lk_pat_93f4…528c"],
  ],
  [
    "a key's reach made wider",
    { from: { resource: "event:1", allowed_ips: ["10.0.0.0/8"] }, to: { resource: null, allowed_ips: [] } },
    ["IP allowlist: 10.0.0.0/8 → any IP", "resource: event:1 → all resources"],
  ],
  ["an object within", { key: { name: "Zapier", members: 0 } }, ["name: Zapier", "members: 0"]],
])("%s", (_, details, parts) => {
  expect(describeDetails(details)).toEqual(parts);
});

test("what stands elsewhere already is left out", () => {
  expect(describeDetails({ kind: "team", from: null, to: "Zapier" }, ["kind"])).toEqual(["none → Zapier"]);
});
