import type { PolicyInForce } from "@/lib/policies/at-verification";
import { asciiJson } from "@/lib/text/ascii-json";
import type { KeyState } from "@/lib/verification/decide";

type VerifiedTeam = { id: string; slug: string; name: string };
type VerifiedMember = NonNullable<KeyState["member"]> & {
  id: string;
  name: string;
  /** Empty until it is confirmed: programs take it for identity. */
  email: string;
  roleName: string;
};

/** What a key may be used for, and from where. Few of these are shared by many keys. */
export type KeyGrant = Pick<KeyState, "kind" | "scopes" | "resource" | "allowedIps">;

/** Whom a key belongs to and acts as, what its team demands of it, and the version of the team under which that was read. */
export type Holder = {
  team: VerifiedTeam;
  member: VerifiedMember | null;
  policy: PolicyInForce | null;
  accessVersion: string;
};

/** Of an id in its text form (RFC 9562, section 4). */
export const UUID_CHARACTERS = 36;

const BEFORE_NAME = '","name":';
const BEHIND_NAME = ',"prefix":';

/** A key's own part of what is told of it, as ASCII within a JSON object: from behind `"id":"` to the last four. */
export function tellingOf(id: string, name: string | null, tokenStart: string, tokenLastFour: string): string {
  // What ids and tokens consist of needs no escaping.
  return `${id}${BEFORE_NAME}${asciiJson(name)}${BEHIND_NAME}"${tokenStart}","last_four":"${tokenLastFour}"`;
}

/** A key as the doors need it: what decides, and what they tell about it. */
export class VerifiedKey implements KeyState {
  /** The database's time, as epoch milliseconds, at which all this was so; NaN before a look-up has confirmed it. */
  asOfMs = Number.NaN;

  /** `telling` is of {@link tellingOf}. Times are epoch milliseconds, NaN where there is none. */
  constructor(
    readonly telling: string,
    readonly grant: KeyGrant,
    readonly createdAtMs: number,
    readonly expiresAtMs: number,
    readonly revokedAtMs: number,
    readonly holder: Holder,
  ) {}

  get kind(): "personal" | "team" {
    return this.grant.kind;
  }

  get scopes(): readonly string[] {
    return this.grant.scopes;
  }

  get resource(): string | null {
    return this.grant.resource;
  }

  get allowedIps(): readonly string[] {
    return this.grant.allowedIps;
  }

  get team(): VerifiedTeam {
    return this.holder.team;
  }

  get member(): VerifiedMember | null {
    return this.holder.member;
  }

  get policy(): PolicyInForce | null {
    return this.holder.policy;
  }

  get id(): string {
    return this.telling.slice(0, UUID_CHARACTERS);
  }

  get name(): string | null {
    return JSON.parse(this.nameJson);
  }

  /** In a name's JSON every quote is behind a backslash: so what follows the name can't be in it. */
  get nameJson(): string {
    return this.telling.slice(UUID_CHARACTERS + BEFORE_NAME.length, this.telling.lastIndexOf(BEHIND_NAME));
  }

  get createdAt(): Date {
    return new Date(this.createdAtMs);
  }

  get expiresAt(): Date | null {
    return dateOf(this.expiresAtMs);
  }

  get revokedAt(): Date | null {
    return dateOf(this.revokedAtMs);
  }
}

const dateOf = (ms: number) => (Number.isNaN(ms) ? null : new Date(ms));
