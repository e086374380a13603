/** An invitation that waits for somebody, or that nobody used in time; times are ISO 8601 in UTC. */
export type InvitationDto = {
  id: string;
  /** Null for a link that anybody may use who gets it. */
  email: string | null;
  roleName: string;
  invitedBy: string;
  createdAt: string;
  expiresAt: string;
  isExpired: boolean;
  /** False once whoever invited may no longer give the role: nobody can join by it until somebody else renews it. */
  isUsable: boolean;
  /** False when its role grants more than the reader's own. */
  isChangeable: boolean;
};

/** What became of the mail. The invitation is there either way. */
export type MailOutcome = "sent" | "failed" | "no_server" | "no_address";

/** The answer that carries the link, and with it the code: it is returned once and never stored. */
export type NewInvitation = { id: string; email: string | null; url: string; mail: MailOutcome };
