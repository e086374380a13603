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

/** What a key may be used for, and from where. Many keys share one. */
export type KeyGrant = Pick<KeyState, "kind" | "scopes" | "resource" | "allowedIps">;

/** Whom a key belongs to and acts as, and its team's policy, as of one version of the team. Many keys share one. */
export type Holder = {
  team: VerifiedTeam;
  member: VerifiedMember | null;
  policy: PolicyInForce | null;
  accessVersion: string;
};

/** Of an ID in its text form (RFC 9562, section 4). */
export const UUID_CHARACTERS = 36;

const BEFORE_NAME = '","name":';
const BEHIND_NAME = ',"prefix":';

/** A key's own members of its JSON description, in ASCII: from after `"id":"` to the last four. */
export function ownJsonOf(id: string, name: string | null, tokenStart: string, tokenLastFour: string): string {
  // What IDs and tokens consist of needs no escaping.
  return `${id}${BEFORE_NAME}${asciiJson(name)}${BEHIND_NAME}"${tokenStart}","last_four":"${tokenLastFour}"`;
}

/** A key as the endpoints need it: what the decision depends on, and what responses contain. */
export class VerifiedKey implements KeyState {
  /** The database's time, as epoch milliseconds, at which it confirmed all this; NaN before a lookup did. */
  asOfMs = Number.NaN;

  /** `ownJson` is of {@link ownJsonOf}. Times are epoch milliseconds, NaN where there is none. */
  constructor(
    readonly ownJson: string,
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
    return this.ownJson.slice(0, UUID_CHARACTERS);
  }

  get name(): string | null {
    return JSON.parse(this.nameJson);
  }

  /** In a name's JSON every quote is behind a backslash: so what follows the name can't be in it. */
  get nameJson(): string {
    return this.ownJson.slice(UUID_CHARACTERS + BEFORE_NAME.length, this.ownJson.lastIndexOf(BEHIND_NAME));
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
