import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { type ApiKeyDto, apiKeyDto, apiKeySelect } from "@/lib/api-keys/dto";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { whereVisible } from "@/lib/insights/where-visible";

/** On either side; more than a chain with monthly rotation reaches in years. */
const MAX_STEPS = 25;

/** The keys that this one replaced and those that replaced it, newest first, including itself. */
export async function readRotationChain(actor: Actor, keyId: string): Promise<ApiKeyDto[]> {
  const links = await db.$queryRaw<{ id: string; step: number }[]>(Prisma.sql`
    with recursive back as (
      select id, rotated_from_id, 0 as step from api_keys where id = ${keyId}::uuid and team_id = ${actor.teamId}::uuid
      union all
      select k.id, k.rotated_from_id, b.step - 1
      from back b join api_keys k on k.id = b.rotated_from_id and k.team_id = ${actor.teamId}::uuid
      where b.step > -${MAX_STEPS}::int
    ), forth as (
      select id, 0 as step from api_keys where id = ${keyId}::uuid and team_id = ${actor.teamId}::uuid
      union all
      select k.id, f.step + 1
      from forth f join api_keys k on k.rotated_from_id = f.id and k.team_id = ${actor.teamId}::uuid
      where f.step < ${MAX_STEPS}::int
    )
    select id, step from back union select id, step from forth order by step desc`);
  if (links.length < 2) return [];
  const rows = await db.apiKey.findMany({
    where: { AND: [{ id: { in: links.map(({ id }) => id) } }, whereVisible(actor)] },
    select: apiKeySelect,
  });
  const { now } = actor;
  const byId = new Map(rows.map((row) => [row.id, apiKeyDto(row, now)]));
  return links.flatMap(({ id }) => byId.get(id) ?? []);
}
