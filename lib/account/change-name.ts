import "server-only";
import { lockUser } from "@/lib/account/lock-user";
import { recordInTeams } from "@/lib/account/record-in-teams";
import type { ChangeNameInput } from "@/lib/account/schemas";
import { consumeRateLimit } from "@/lib/auth/rate-limits";
import { inTransaction } from "@/lib/database/db";
import type { RequestContext } from "@/lib/http/request-context";
import type { LiveSession } from "@/lib/sessions/read-session";

/** Changes the user's display name. Existing audit entries keep the old name. */
export async function changeName(
  session: LiveSession,
  context: RequestContext,
  { name }: ChangeNameInput,
): Promise<{ name: string }> {
  const { user } = session;
  await consumeRateLimit("account_changes", user.id);
  await inTransaction(async (tx) => {
    const before = await lockUser(tx, user.id);
    if (!before || before.name === name) return;
    await tx.user.update({ where: { id: user.id }, data: { name } });
    await recordInTeams(tx, session, context, {
      action: "user.profile_changed",
      details: { name: { from: before.name, to: name } },
    });
  });
  return { name };
}
