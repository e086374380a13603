import "server-only";
import type { MailOutcome } from "@/lib/invitations/dto";
import { isMailConfigured, sendMail } from "@/lib/mail/send-mail";
import { formatDate } from "@/lib/text/date-format";
import { visibleText } from "@/lib/text/visible-text";

type Invited = { email: string | null; url: string; expiresAt: Date; team: string; role: string; invitedBy: string };

/** Mails the link to the invitee. Never throws: the invitation exists, and its link can be copied. */
export async function mailInvitation({ email, url, expiresAt, ...names }: Invited): Promise<MailOutcome> {
  if (email === null) return "no_address";
  if (!isMailConfigured()) return "no_server";
  const [team, role, invitedBy] = [names.team, names.role, names.invitedBy].map(visibleText);
  const text = `${invitedBy} invited you to join the team “${team}” on Latchkey as ${role}.

Accept the invitation:
${url}

The link works once, only for ${email}, and expires on ${formatDate(expiresAt.toISOString(), "day", "UTC")} (UTC).
If you didn't expect this, ignore this email.
`;
  return sendMail({ to: email, subject: `Join the team “${team}” on Latchkey`, text }).then(
    () => "sent" as const,
    () => "failed" as const,
  );
}
