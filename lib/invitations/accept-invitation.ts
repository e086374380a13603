import "server-only";
import { recordAudit } from "@/lib/audit/record";
import { checkNewPassword, hashPassword } from "@/lib/auth/passwords";
import { databaseNow, db, inTransaction, type Transaction } from "@/lib/database/db";
import { AppError } from "@/lib/errors";
import type { RequestContext } from "@/lib/http/request-context";
import { codeHashOf, mailedHashOf } from "@/lib/invitations/code";
import { invitationSelect, isUsable } from "@/lib/invitations/invitation-row";
import type { NewAccountInput } from "@/lib/invitations/schemas";
import { isAddressConfirmed, markedAddress } from "@/lib/members/confirmed-address";
import { lockTeamGovernance } from "@/lib/teams/lock-team";

type Joining = { id: string; name: string; email: string; confirmedEmail: string | null };
const joiningSelect = { id: true, name: true, email: true, confirmedEmail: true } as const;
type Invitation = NonNullable<Awaited<ReturnType<typeof readInvitation>>>;

/** The team that was joined, and with which email address. */
export type Joined = { team: { slug: string; name: string }; email: string };

/** Adds a signed-in user to the code's team. Throws `not_found` for an unusable code. */
export function acceptInvitation(code: unknown, userId: string, context: RequestContext): Promise<Joined> {
  return accept(code, context, async (tx) => {
    const user = await tx.user.findFirst({ where: { id: userId, disabledAt: null }, select: joiningSelect });
    if (!user) throw new AppError("unauthenticated", "You've been signed out. Sign in to continue.");
    return user;
  });
}

/**
 * Creates an account and adds it to the code's team. Throws `conflict` if the email address already has an account: its
 * owner must sign in to accept.
 */
export async function acceptWithNewAccount(
  code: unknown,
  input: NewAccountInput,
  context: RequestContext,
): Promise<Joined> {
  const invitation = await readInvitation(db, code);
  // Before the password is hashed, so that an unusable code or address doesn't cause that work.
  if (!invitation || !isUsable(invitation, await databaseNow())) throw unusable();
  const email = invitation.email ?? input.email;
  if (email === null)
    throw new AppError("invalid", "Enter your email address.", { email: "Enter your email address." });
  checkNewPassword(input.password, email);
  if ((await db.user.count({ where: { email } })) > 0) throw hasAccount();
  const passwordHash = await hashPassword(input.password);
  const { name } = input;
  return accept(code, context, async (tx) => {
    if ((await tx.user.count({ where: { email } })) > 0) throw hasAccount();
    return tx.user.create({ data: { email, name, passwordHash }, select: joiningSelect });
  }).catch((error: unknown) => {
    // Concurrent requests with the same email address.
    throw isTaken(error) ? hasAccount() : error;
  });
}

/** Claims the code for one user: a concurrent second attempt finds it used. */
function accept(
  code: unknown,
  context: RequestContext,
  whoJoins: (tx: Transaction) => Promise<Joining>,
): Promise<Joined> {
  return inTransaction(async (tx, now) => {
    const found = await readInvitation(tx, code);
    if (!found) throw unusable();
    await lockTeamGovernance(tx, found.teamId);
    const invitation = await readInvitation(tx, code);
    if (!invitation || !isUsable(invitation, now)) throw unusable();
    const user = await whoJoins(tx);
    if (invitation.email !== null && invitation.email !== user.email) {
      throw new AppError(
        "forbidden",
        `This invitation is for ${invitation.email}, and you're signed in as ${user.email}.`,
      );
    }
    const { count } = await tx.invitation.updateMany({
      where: { id: invitation.id, acceptedAt: null, withdrawnAt: null, expiresAt: { gt: now } },
      data: { acceptedAt: now, acceptedById: user.id },
    });
    if (count === 0) throw unusable();
    const member = await join(tx, invitation, user, now);
    const isConfirmed = (await confirmReader(tx, invitation, user, code)) || isAddressConfirmed(user, member);
    await recordAudit(tx, {
      teamId: invitation.teamId,
      action: "member.joined",
      actor: { userId: user.id, name: user.name, ...context },
      target: { type: "member", id: member.id, label: `${user.name} (${markedAddress(user.email, isConfirmed)})` },
      details: {
        role: invitation.role.name,
        invited_by: invitation.invitedBy.user.name,
        ...(member.isBack && { was_member_before: true }),
      },
    });
    return { team: invitation.team, email: user.email };
  });
}

/** Confirms the email address of a user who joins by the mailed link, which nobody else has seen. */
async function confirmReader(tx: Transaction, { id, email }: Invitation, user: Joining, code: unknown) {
  const mailedHash = mailedHashOf(code);
  if (!mailedHash || email !== user.email) return false;
  if ((await tx.invitation.count({ where: { id, mailedHash } })) === 0) return false;
  await tx.user.update({ where: { id: user.id }, data: { confirmedEmail: email } });
  return true;
}

/** A removed user returns as the same member with the new role; the old keys stay revoked. */
async function join(tx: Transaction, { teamId, role }: Invitation, user: Joining, now: Date) {
  const before = await tx.member.findUnique({
    where: { teamId_userId: { teamId, userId: user.id } },
    select: { id: true, removedAt: true, disabledAt: true },
  });
  if (before && !before.removedAt) {
    const message = before.disabledAt
      ? "You're a disabled member of this team. Ask a team admin to enable you."
      : "You're already a member of this team.";
    throw new AppError("conflict", message);
  }
  const data = { roleId: role.id, createdAt: now };
  const select = { id: true, confirmedEmail: true } as const;
  const member = before
    ? await tx.member.update({ where: { id: before.id }, data: { ...data, removedAt: null, disabledAt: null }, select })
    : await tx.member.create({ data: { ...data, teamId, userId: user.id }, select });
  return { ...member, isBack: before !== null };
}

async function readInvitation(tx: Transaction, code: unknown) {
  const codeHash = codeHashOf(code);
  return codeHash && tx.invitation.findUnique({ where: { codeHash }, select: invitationSelect });
}

function unusable(): AppError {
  return new AppError("not_found", "This invitation has expired, been used or been withdrawn. Ask for a new one.");
}

function hasAccount(): AppError {
  const message = "This email already has an account. Sign in to accept.";
  return new AppError("conflict", message, { email: message });
}

/** Prisma's P2002: the email address is the only unique column written from user input. */
function isTaken(error: unknown): boolean {
  return (error as { code?: string })?.code === "P2002";
}
