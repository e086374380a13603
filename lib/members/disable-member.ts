import "server-only";
import type { Actor } from "@/lib/auth/actor";
import { AppError } from "@/lib/errors";
import { changeMember, memberTarget, refuseSelf } from "@/lib/members/change-member";
import type { MemberIdInput } from "@/lib/members/schemas";

/** Suspends a member until they are enabled again; their personal keys are denied from the next request on. */
export function disableMember(actor: Actor, { id }: MemberIdInput): Promise<null> {
  return changeMember(actor, id, async (tx, { self, target, now }) => {
    refuseSelf(self, target, "disable");
    if (target.disabledAt) throw new AppError("conflict", `${target.user.name} is already disabled.`);
    await tx.member.update({ where: { id: target.id }, data: { disabledAt: now } });
    return { result: null, events: [{ action: "member.disabled", target: memberTarget(target) }] };
  });
}

/** Reinstates a disabled member and their keys. */
export function enableMember(actor: Actor, { id }: MemberIdInput): Promise<null> {
  return changeMember(actor, id, async (tx, { target }) => {
    if (!target.disabledAt) throw new AppError("conflict", `${target.user.name} isn't disabled.`);
    await tx.member.update({ where: { id: target.id }, data: { disabledAt: null } });
    return { result: null, events: [{ action: "member.enabled", target: memberTarget(target) }] };
  });
}
