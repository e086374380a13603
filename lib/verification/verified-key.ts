import type { PolicyInForce } from "@/lib/policies/at-verification";
import type { KeyState } from "@/lib/verification/decide";

type VerifiedTeam = { id: string; slug: string; name: string };
type VerifiedMember = NonNullable<KeyState["member"]> & {
  id: string;
  name: string;
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

const ID_LENGTH = 36;
const LAST_FOUR = 4;

/** A key as the doors need it: what decides, and what they tell about it. */
export class VerifiedKey implements KeyState {
  /**
   * `shown` is its id (36 characters), its token's start and last four, and behind a space its name if it has one.
   * Times are epoch milliseconds, NaN where there is none.
   */
  constructor(
    readonly shown: string,
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
    return this.shown.slice(0, ID_LENGTH);
  }

  get name(): string | null {
    const { tokenEnd } = this;
    return tokenEnd < this.shown.length ? this.shown.slice(tokenEnd + 1) : null;
  }

  get tokenStart(): string {
    return this.shown.slice(ID_LENGTH, this.tokenEnd - LAST_FOUR);
  }

  get tokenLastFour(): string {
    const { tokenEnd } = this;
    return this.shown.slice(tokenEnd - LAST_FOUR, tokenEnd);
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

  private get tokenEnd(): number {
    const space = this.shown.indexOf(" ", ID_LENGTH);
    return space < 0 ? this.shown.length : space;
  }
}

const dateOf = (ms: number) => (Number.isNaN(ms) ? null : new Date(ms));
