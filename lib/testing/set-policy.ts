import { db } from "@/lib/database/db";

type PolicyRow = Parameters<typeof db.teamPolicy.create>[0]["data"];

/** Gives a team a policy: the defaults, but for what is named. */
export async function setTestPolicy(teamId: string, demands: Omit<PolicyRow, "teamId" | "team">): Promise<void> {
  await db.teamPolicy.upsert({
    where: { teamId },
    create: { teamId, ...demands } as PolicyRow,
    update: demands,
  });
}
