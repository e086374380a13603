import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";
import { isMailConfigured } from "@/lib/mail/send-mail";
import { changeMember, memberTarget } from "@/lib/members/change-member";
import { isAddressConfirmed } from "@/lib/members/confirmed-address";
import type { ConfirmAddressInput } from "@/lib/members/schemas";

/**
 * Confirms a member's email address if there is no mail server to prove it. Applies to the actor's team only: otherwise
 * one team's admin would decide what another team's API trusts. Throws `conflict` if a mail server is configured, for
 * the actor's own address, and if the address has changed since it was shown.
 */
export function confirmAddress(actor: Actor, { id, email }: ConfirmAddressInput): Promise<null> {
  return changeMember(actor, id, async (tx, { self, target }) => {
    refuse(self.id === target.id, "You can't confirm your own email. Ask another admin.");
    refuse(isMailConfigured(), `${target.user.name} can confirm this email with a link from their account page.`);
    refuse(target.user.email !== email, `${target.user.name}'s email has changed. Reload the page to see it.`);
    if (isAddressConfirmed(target.user, target)) return { result: null, events: [] };
    await tx.member.update({ where: { id: target.id }, data: { confirmedEmail: email } });
    const confirmed = memberTarget({ ...target, confirmedEmail: email });
    return { result: null, events: [{ action: "member.address_confirmed", target: confirmed, details: { email } }] };
  });
}

function refuse(isRefused: boolean, message: string): void {
  if (isRefused) throw new AppError("conflict", message);
}
