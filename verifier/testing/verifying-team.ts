import type { Actor } from "@/lib/auth/actor";
import { createTestKey, createTestMember, createTestTeam, type TestTeam } from "@/lib/testing/fixtures";
import { basic, bearer } from "./running-verifier.ts";

export interface VerifyingTeam {
  team: TestTeam;
  /** A member with the API's permissions for events. */
  owner: Actor;
  /** The team key that may ask about keys. */
  caller: { id: string; token: string };
  asBearer: { authorization: string };
  asBasic: { authorization: string };
}

/** A team with a key that may verify its other keys. */
export async function createVerifyingTeam(): Promise<VerifyingTeam> {
  const team = await createTestTeam();
  const owner = await createTestMember(team, { permissions: ["events.read", "events.write"] });
  const caller = await createTestKey(owner, { kind: "team", scopes: ["keys.verify"] });
  return { team, owner, caller, asBearer: bearer(caller.token), asBasic: basic(caller.id, caller.token) };
}
