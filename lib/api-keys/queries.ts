import "server-only";
import { z } from "zod";
import { type ApiKeyDto, apiKeyDto, apiKeySelect } from "@/lib/api-keys/dto";
import { KEY_STATUSES, whereStatus } from "@/lib/api-keys/status";
import { whereNameOrPrefix } from "@/lib/api-keys/where-name-or-prefix";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { db } from "@/lib/db";
import { notFound } from "@/lib/errors";
import { pageOf, pageQuery, pageRequestFields } from "@/lib/page-cursor";
import { plainText } from "@/lib/plain-text";

const PAGE_SIZE = 50;

/** What the page's URL may say; anything else in it is read as nothing said. */
export const apiKeyListSchema = z.object({
  q: plainText(100).catch(""),
  status: z.enum(KEY_STATUSES).nullable().catch(null),
  ...pageRequestFields,
});
export type ApiKeyListInput = z.output<typeof apiKeyListSchema>;

export type ApiKeyPage = { keys: ApiKeyDto[]; older: string | null; newer: string | null };

/** A page of the actor's own keys, newest first. */
export async function listOwnApiKeys(actor: Actor, input: ApiKeyListInput): Promise<ApiKeyPage> {
  authorize(actor, "developer.manage_tokens");
  const now = new Date();
  const { where, ...query } = pageQuery("createdAt", input, PAGE_SIZE);
  const found = await db.apiKey.findMany({
    where: {
      memberId: actor.memberId,
      teamId: actor.teamId,
      AND: [where, input.status ? whereStatus(input.status, now) : {}, input.q ? whereNameOrPrefix(input.q) : {}],
    },
    ...query,
    select: apiKeySelect,
  });
  const { rows, older, newer } = pageOf(found, input, PAGE_SIZE, ({ createdAt, id }) => ({ at: createdAt, id }));
  return { keys: rows.map((row) => apiKeyDto(row, now)), older, newer };
}

/** How many of the actor's keys count towards the limit now, and whether there ever was a key. */
export async function countOwnApiKeys(actor: Actor): Promise<{ active: number; hasAny: boolean }> {
  authorize(actor, "developer.manage_tokens");
  const own = { memberId: actor.memberId, teamId: actor.teamId };
  const [active, any] = await Promise.all([
    db.apiKey.count({ where: { ...own, kind: "personal", ...whereStatus("active", new Date()) } }),
    db.apiKey.findFirst({ where: own, select: { id: true } }),
  ]);
  return { active, hasAny: any !== null };
}

/** When one of the actor's own keys was last used; null for never. */
export async function readOwnKeyLastUse(actor: Actor, id: string): Promise<string | null> {
  authorize(actor, "developer.manage_tokens");
  const key = await db.apiKey.findFirst({
    where: { id, memberId: actor.memberId, teamId: actor.teamId },
    select: { lastUsedAt: true },
  });
  if (!key) throw notFound("API key");
  return key.lastUsedAt?.toISOString() ?? null;
}
