import { expect, test } from "vitest";
import { grantableScopes } from "@/lib/api-keys/grantable-scopes";
import { scopePresets } from "@/lib/api-keys/scope-presets";
import { apiPermissions } from "@/lib/permissions/catalog";
import { LATCHKEY_SCOPES } from "@/lib/permissions/latchkey-scopes";

const everything = new Set([...apiPermissions(), ...Object.keys(LATCHKEY_SCOPES), "team.manage_keys"]);

test.each(["personal", "team"] as const)("the presets of a %s key are of the API alone: none verifies keys", (kind) => {
  expect(scopePresets(grantableScopes(kind, everything))).toEqual({
    full_access: apiPermissions(),
    read_only: apiPermissions("read"),
  });
});

test("the presets reach no further than what is offered", () => {
  const offered = grantableScopes("team", new Set(["events.write", "reports.read"]));
  expect(scopePresets(offered)).toEqual({ full_access: ["events.write", "reports.read"], read_only: ["reports.read"] });
  expect(scopePresets(grantableScopes("team", new Set()))).toEqual({ full_access: [], read_only: [] });
});
