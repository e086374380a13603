import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";
import { isMailConfigured } from "@/lib/mail/send-mail";
import { changeMember, memberTarget } from "@/lib/members/change-member";
import { isAddressConfirmed } from "@/lib/members/confirmed-address";
import type { ConfirmAddressInput } from "@/lib/members/schemas";

/**
 * Confirms that an address is a member's, where there is no mail to prove it. It counts in the actor's team alone, or
 * one team's manager would decide what another team's API takes for identity. Throws `conflict` where there is mail, for
 * the actor's own address, and for another address than the one that was looked at.
 */
export function confirmAddress(actor: Actor, { id, email }: ConfirmAddressInput): Promise<null> {
  return changeMember(actor, id, async (tx, { self, target }) => {
    refuse(self.id === target.id, "You can't confirm your own address. Ask somebody else who manages members.");
    refuse(isMailConfigured(), `${target.user.name} confirms the address by a link that the account page mails to it.`);
    refuse(target.user.email !== email, `${target.user.name} has another address by now. Reload the page to see it.`);
    if (isAddressConfirmed(target.user, target)) return { result: null, events: [] };
    await tx.member.update({ where: { id: target.id }, data: { confirmedEmail: email } });
    const confirmed = memberTarget({ ...target, confirmedEmail: email });
    return { result: null, events: [{ action: "member.address_confirmed", target: confirmed, details: { email } }] };
  });
}

function refuse(isRefused: boolean, message: string): void {
  if (isRefused) throw new AppError("conflict", message);
}
