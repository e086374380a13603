import "server-only";
import { z } from "zod";
import { Prisma } from "@/generated/prisma/client";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import { readKeyDtos } from "@/lib/api-keys/read-keys";
import { sqlSearch } from "@/lib/api-keys/sql-search";
import type { Actor } from "@/lib/auth/actor";
import { authorize, permissionsOf } from "@/lib/auth/permissions";
import {
  findRefusal,
  type KeptRefusal,
  type RefusedHour,
  readLatestRefusals,
  readRefusedHours,
} from "@/lib/calls/refusals";
import { db } from "@/lib/database/db";
import { type KeyDetails, readKeyDetails } from "@/lib/insights/key-details";
import type { StopQuestion } from "@/lib/insights/stop-question";
import { type KeyEnding, type Verdict, verdictOn } from "@/lib/insights/verdict";
import { sqlVisible, whereVisible } from "@/lib/insights/where-visible";

const OFFERED = 10;

/** Everything recorded about why a key stopped working or a request was denied. */
export type StopStory = {
  details: KeyDetails;
  asked: KeptRefusal | null;
  verdict: Verdict;
  hours: RefusedHour[];
  latest: KeptRefusal[];
};

/** `several`: a name that matches more than one key. `nothing`: doesn't exist, or isn't visible to the actor. */
export type StopAnswer =
  | { found: "story"; story: StopStory }
  | { found: "several"; keys: ApiKeyDto[] }
  | { found: "nothing"; askedFor: "token" | "text" };

/** Explains a request ID, a key, or a token's hash. */
export async function explainStop(actor: Actor, question: StopQuestion): Promise<StopAnswer> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  return "hash" in question ? aboutToken(actor, question.hash) : aboutText(actor, question.text);
}

async function aboutToken(actor: Actor, hash: string): Promise<StopAnswer> {
  const key = await db.apiKey.findFirst({
    where: { AND: [{ tokenHash: Buffer.from(hash, "hex") }, whereVisible(actor)] },
    select: { id: true },
  });
  return (key && (await storyOf(actor, key.id, null))) ?? { found: "nothing", askedFor: "token" };
}

async function aboutText(actor: Actor, text: string): Promise<StopAnswer> {
  const isId = z.uuid().safeParse(text).success;
  const [refusal, keys] = await Promise.all([findRefusal(actor, text), findKeys(actor, text, isId)]);
  const id = refusal?.keyId ?? (keys.length === 1 ? keys[0]?.id : undefined);
  const story = id === undefined ? null : await storyOf(actor, id, refusal);
  if (story) return story;
  return keys.length > 1 ? { found: "several", keys } : { found: "nothing", askedFor: "text" };
}

async function findKeys(actor: Actor, text: string, isId: boolean): Promise<ApiKeyDto[]> {
  const isMeant = isId ? Prisma.sql`k.id = ${text}::uuid` : sqlSearch(text);
  const found = await db.$queryRaw<{ id: string }[]>`
    select k.id from api_keys k where ${sqlVisible(actor)} and ${isMeant}
    order by k.created_at desc, k.id desc limit ${OFFERED}`;
  return readKeyDtos(actor, found);
}

async function storyOf(actor: Actor, keyId: string, asked: KeptRefusal | null): Promise<StopAnswer | null> {
  const { now } = actor;
  const [details, ending, granted, hours, latest] = await Promise.all([
    readKeyDetails(actor, keyId),
    readEnding(actor, keyId),
    readGranted(actor, keyId),
    readRefusedHours(actor, keyId, now),
    readLatestRefusals(actor, keyId),
  ]);
  if (!details) return null;
  const verdict = verdictOn({ details, granted, ending, asked, latest, hours });
  return { found: "story", story: { details, asked, verdict, hours, latest } };
}

/** Who ended the key, and how: by revoking or by replacing it. */
async function readEnding(actor: Actor, keyId: string): Promise<KeyEnding | null> {
  const entry = await db.auditEntry.findFirst({
    where: {
      teamId: actor.teamId,
      targetType: "api_key",
      targetId: keyId,
      action: { in: ["api_key.revoked", "api_key.rotated", "api_key.overlap_ended", "api_key.expiry_changed"] },
    },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    select: { action: true, at: true, actorName: true },
  });
  return entry && { by: entry.actorName, at: entry.at.toISOString(), action: entry.action };
}

/** The current permissions of a personal key's owner. */
async function readGranted(actor: Actor, keyId: string): Promise<ReadonlySet<string> | null> {
  const key = await db.apiKey.findFirst({
    where: { id: keyId, teamId: actor.teamId },
    select: { kind: true, member: { select: { role: { select: { grantsAll: true, permissions: true } } } } },
  });
  if (key?.kind !== "personal") return null;
  return key.member ? permissionsOf(key.member.role) : new Set();
}
