import { describe, expect, test } from "vitest";
import { type KeyRights, keyActions } from "@/lib/api-keys/key-actions";
import type { KeyKind } from "@/lib/api-keys/kinds";
import type { KeyStatus } from "@/lib/api-keys/status";

const OWN = "me";
const developer: KeyRights = { memberId: OWN, kinds: ["personal"], revokesOthers: false };
const admin: KeyRights = { memberId: OWN, kinds: ["personal", "team"], revokesOthers: true };

const key = (status: KeyStatus, kind: KeyKind = "personal", ownerId = OWN, successorId: string | null = null) => ({
  kind,
  status,
  owner: kind === "personal" ? { id: ownerId, name: "Ada" } : null,
  successorId,
});

describe("the actions for a key", () => {
  test("of the actor depend on its status", () => {
    expect(keyActions(key("active"), developer)).toEqual([
      "rename",
      "expiry",
      "narrow",
      "rotate",
      "duplicate",
      "revoke",
    ]);
    expect(keyActions(key("expired"), developer)).toEqual(["renew", "duplicate"]);
    expect(keyActions(key("revoked"), developer)).toEqual(["duplicate"]);
  });

  test("that was replaced exclude those for its successor", () => {
    expect(keyActions(key("active", "personal", OWN, "next"), developer)).toEqual([
      "rename",
      "narrow",
      "overlap",
      "duplicate",
      "revoke",
    ]);
    expect(keyActions(key("expired", "personal", OWN, "next"), developer)).toEqual(["duplicate"]);
  });

  test("of another member are limited to revoking it, with the permission, while it is active", () => {
    expect(keyActions(key("active", "personal", "other"), admin)).toEqual(["revoke"]);
    expect(keyActions(key("expired", "personal", "other"), admin)).toEqual([]);
    expect(keyActions(key("active", "personal", "other"), developer)).toEqual([]);
  });

  test("of the team takes managing team keys", () => {
    expect(keyActions(key("active", "team"), admin)).toContain("responsible");
    expect(keyActions(key("active", "team"), developer)).toEqual([]);
    expect(keyActions(key("active", "team"), { ...developer, revokesOthers: true })).toEqual([]);
  });
});
