/** An open or recently expired invitation; times are ISO 8601 in UTC. */
export type InvitationDto = {
  id: string;
  /** Null for a link that anyone can use. */
  email: string | null;
  roleName: string;
  invitedBy: string;
  createdAt: string;
  expiresAt: string;
  isExpired: boolean;
  /** False if the inviter can no longer grant the role: nobody can join until another member renews it. */
  isUsable: boolean;
  /** False if its role grants more than the reader's. */
  isChangeable: boolean;
};

/** The outcome of sending the mail. The invitation exists either way. */
export type MailOutcome = "sent" | "failed" | "no_server" | "no_address";

/** The result with the link and its code: returned once, never stored. */
export type NewInvitation = { id: string; email: string | null; url: string; mail: MailOutcome };
