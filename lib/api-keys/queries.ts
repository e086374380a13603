import "server-only";
import { z } from "zod";
import { type ApiKeyDto, apiKeyDto, apiKeySelect } from "@/lib/api-keys/dto";
import { KEY_KINDS, type KeyKind, MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { KEY_STATUSES, whereStatus } from "@/lib/api-keys/status";
import { whereManaged } from "@/lib/api-keys/where-managed";
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
  kind: z.enum(KEY_KINDS).nullable().catch(null),
  q: plainText(100).catch(""),
  status: z.enum(KEY_STATUSES).nullable().catch(null),
  ...pageRequestFields,
});
export type ApiKeyListInput = z.output<typeof apiKeyListSchema>;

export type ApiKeyPage = { keys: ApiKeyDto[]; older: string | null; newer: string | null };

/** A page of the actor's own personal keys or of their team's keys, newest first. */
export async function listApiKeys(actor: Actor, kind: KeyKind, input: ApiKeyListInput): Promise<ApiKeyPage> {
  authorize(actor, MANAGE_KEYS[kind]);
  const now = new Date();
  const { where, ...query } = pageQuery("createdAt", input, PAGE_SIZE);
  const found = await db.apiKey.findMany({
    where: {
      ...whereManaged(actor, kind),
      AND: [where, input.status ? whereStatus(input.status, now) : {}, input.q ? whereNameOrPrefix(input.q) : {}],
    },
    ...query,
    select: apiKeySelect,
  });
  const { rows, older, newer } = pageOf(found, input, PAGE_SIZE, ({ createdAt, id }) => ({ at: createdAt, id }));
  return { keys: rows.map((row) => apiKeyDto(row, now)), older, newer };
}

/** How many of these keys are active now, and whether there ever was one. */
export async function countApiKeys(actor: Actor, kind: KeyKind): Promise<{ active: number; hasAny: boolean }> {
  authorize(actor, MANAGE_KEYS[kind]);
  const where = whereManaged(actor, kind);
  const [active, any] = await Promise.all([
    db.apiKey.count({ where: { ...where, ...whereStatus("active", new Date()) } }),
    db.apiKey.findFirst({ where, select: { id: true } }),
  ]);
  return { active, hasAny: any !== null };
}

/** When a key that is the actor's to manage was last used; null for never. */
export async function readLastUse(actor: Actor, id: string): Promise<string | null> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  const key = await db.apiKey.findFirst({
    where: { id, OR: KEY_KINDS.map((kind) => whereManaged(actor, kind)) },
    select: { kind: true, usage: { select: { lastUsedAt: true } } },
  });
  if (!key) throw notFound("API key");
  authorize(actor, MANAGE_KEYS[key.kind]);
  return key.usage?.lastUsedAt.toISOString() ?? null;
}
