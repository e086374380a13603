import { describe, expect, test } from "vitest";
import { checkScopes } from "@/lib/api-keys/create/new-key-rules";
import { grantableScopes } from "@/lib/api-keys/grantable-scopes";
import { KEY_KINDS } from "@/lib/api-keys/kinds";
import { apiPermissions } from "@/lib/permissions/catalog";
import { LATCHKEY_SCOPES } from "@/lib/permissions/latchkey-scopes";

const permissions = new Set(["events.read", "contacts.write", "team.manage_keys", "developer.manage_tokens"]);
const namesIn = (groups: ReturnType<typeof grantableScopes>) =>
  groups.flatMap((group) => group.permissions.map(({ name }) => name));

describe("the scopes offered", () => {
  test("for a personal key are the API's that the role has", () => {
    expect(namesIn(grantableScopes("personal", permissions))).toEqual(["events.read", "contacts.write"]);
  });

  test("for a team key are the same, and verifying keys in a group of Latchkey's own", () => {
    const groups = grantableScopes("team", permissions);
    expect(namesIn(groups)).toEqual(["events.read", "contacts.write", "keys.verify"]);
    expect(groups.at(-1)).toEqual({
      name: "Latchkey",
      permissions: [{ name: "keys.verify", label: "Verify this team's keys" }],
    });
  });

  test("come without groups that would be empty", () => {
    expect(grantableScopes("personal", new Set())).toEqual([]);
    expect(grantableScopes("team", new Set()).map(({ name }) => name)).toEqual(["Latchkey"]);
  });

  // The dialog must not offer what the server refuses, nor the server take what the dialog doesn't offer.
  test.each(KEY_KINDS)("for a %s key are exactly those that are accepted", (kind) => {
    const offered = new Set(namesIn(grantableScopes(kind, permissions)));
    for (const scope of [...apiPermissions(), ...Object.keys(LATCHKEY_SCOPES), "team.manage_keys", "toString"]) {
      const checking = expect(() => checkScopes(kind, [scope], permissions), scope);
      offered.has(scope) ? checking.not.toThrow() : checking.toThrow(expect.objectContaining({ name: "AppError" }));
    }
  });
});
