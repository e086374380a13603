export type MemberStatus = "active" | "disabled" | "account_disabled";

/** A member on the Members screen; times are ISO 8601 in UTC. */
export type MemberDto = {
  id: string;
  name: string;
  email: string;
  isEmailConfirmed: boolean;
  role: { id: string; name: string };
  status: MemberStatus;
  /** Personal keys that are neither revoked nor expired. */
  activeKeys: number;
  joinedAt: string;
  lastSeenAt: string | null;
  isSelf: boolean;
  /** False for members whose role grants more than the reader's. */
  isChangeable: boolean;
};
