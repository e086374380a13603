import { db } from "@/lib/database/db";

type PolicyRow = Parameters<typeof db.teamPolicy.create>[0]["data"];

/** Sets a team's policy: defaults, except for the given fields. */
export async function setTestPolicy(teamId: string, demands: Omit<PolicyRow, "teamId" | "team">): Promise<void> {
  await db.teamPolicy.upsert({
    where: { teamId },
    create: { teamId, ...demands } as PolicyRow,
    update: demands,
  });
}
