import "server-only";
import { recordInTeams } from "@/lib/account/record-in-teams";
import type { ChangeNameInput } from "@/lib/account/schemas";
import { inTransaction } from "@/lib/db";
import type { RequestContext } from "@/lib/request-context";
import type { LiveSession } from "@/lib/sessions/read-session";

/** Changes the name by which a person is shown from now on. Entries of the audit log keep the name of their time. */
export async function changeName(
  session: LiveSession,
  context: RequestContext,
  { name }: ChangeNameInput,
): Promise<{ name: string }> {
  const { user } = session;
  await inTransaction(async (tx) => {
    await tx.$queryRaw`select 1 from users where id = ${user.id}::uuid for no key update`;
    const before = await tx.user.findUniqueOrThrow({ where: { id: user.id }, select: { name: true } });
    if (before.name === name) return;
    await tx.user.update({ where: { id: user.id }, data: { name } });
    await recordInTeams(tx, session, context, {
      action: "user.profile_changed",
      details: { name: { from: before.name, to: name } },
    });
  });
  return { name };
}
