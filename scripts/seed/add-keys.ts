import { MAX_ACTIVE_KEYS } from "../../lib/api-keys/limits.ts";
import { type KeyStatus, sqlActive } from "../../lib/api-keys/status.ts";
import { db, type Transaction } from "../../lib/database/db.ts";
import { lockMembers } from "../../lib/members/lock-members.ts";
import { insertKeys, type OwnedKey } from "./insert-keys.ts";
import { type KeyOwner, readKeyOwners } from "./key-owners.ts";
import { makeUpKey } from "./make-up-key.ts";
import { pick, type Random, wholeBetween } from "./random.ts";
import { zipfShares } from "./zipf-shares.ts";

const OWNERS_PER_BATCH = 100;
const KEYS_PER_BATCH = 2_000;

/** One less than the limit, so that everyone can still create a key manually. */
const MAX_SEEDED_ACTIVE = MAX_ACTIVE_KEYS - 1;
const ACTIVE_PART = 0.35;

/** Share of the inactive keys. */
const EXPIRED_PART = 0.6;

/** Share of all keys; most of them are active, because they outlive members. */
const TEAM_PART = 0.2;
const ACTIVE_TEAM_PART = 0.6;

/** The number of keys still to create per owner. */
type Shares = Map<KeyOwner, number>;

type Progress = {
  /** Called with active tokens after they are committed. */
  onActiveTokens?: (tokens: string[]) => void;
  /** Called with the number of keys so far. */
  onAdded?: (count: number) => void;
};

/**
 * Adds keys to a team: a few active personal ones per owner, other personal ones that have ended, and team keys. Uses
 * bounded memory.
 */
export async function addKeys(teamId: string, count: number, random: Random, progress: Progress = {}): Promise<void> {
  if (count === 0) return;
  const owners = await readKeyOwners(teamId, random);
  const managers = owners.filter(({ managesTeamKeys }) => managesTeamKeys);
  const teamKeys = managers.length > 0 ? Math.floor(count * TEAM_PART) : 0;
  const keyCounts = zipfShares(count - teamKeys, owners.length);
  const shares: Shares = new Map(owners.map((owner, place) => [owner, keyCounts[place] ?? 0]));
  const now = new Date();
  let added = 0;
  const note = (keys: OwnedKey[]) => {
    added += keys.length;
    progress.onAdded?.(added);
  };

  for (const group of chunks(owners, OWNERS_PER_BATCH)) {
    const active = await addActiveKeys(teamId, group, shares, random, now);
    for (const { owner } of active) shares.set(owner, (shares.get(owner) ?? 0) - 1);
    progress.onActiveTokens?.(active.map(({ token }) => token));
    note(active);
  }
  for (const batch of chunks(otherKeys(), KEYS_PER_BATCH)) {
    await db.$transaction((tx) => insertKeys(tx, batch));
    progress.onActiveTokens?.(batch.filter(({ status }) => status === "active").map(({ token }) => token));
    note(batch);
  }

  function* otherKeys() {
    yield* pastKeys(teamId, shares, random, now);
    for (let made = 0; made < teamKeys; made++) {
      const status = random() < ACTIVE_TEAM_PART ? "active" : pastStatus(random);
      const owner = pick(random, managers);
      yield { owner, ...makeUpKey(random, teamId, owner, "team", status, now) };
    }
  }
}

/** Counted under the members' locks, as when a key is created manually, so that nobody exceeds the limit. */
function addActiveKeys(
  teamId: string,
  owners: KeyOwner[],
  shares: Shares,
  random: Random,
  now: Date,
): Promise<OwnedKey[]> {
  return db.$transaction(async (tx) => {
    const memberIds = owners.map(({ memberId }) => memberId);
    await lockMembers(tx, teamId, ...memberIds);
    const held = await countActive(tx, memberIds, now);
    const keys = owners.flatMap((owner) => {
      const room = MAX_SEEDED_ACTIVE - (held.get(owner.memberId) ?? 0);
      const wanted = Math.ceil((shares.get(owner) ?? 0) * ACTIVE_PART);
      const length = Math.max(0, Math.min(room, wanted, wholeBetween(random, 2, MAX_SEEDED_ACTIVE)));
      return Array.from({ length }, () => ({ owner, ...makeUpKey(random, teamId, owner, "personal", "active", now) }));
    });
    await insertKeys(tx, keys);
    return keys;
  });
}

async function countActive(tx: Transaction, memberIds: string[], now: Date): Promise<Map<string, number>> {
  const counts = await tx.$queryRaw<{ memberId: string; keys: number }[]>`
    select k.member_id as "memberId", count(*)::int as keys from api_keys k
    where k.member_id = any(${memberIds}::uuid[]) and ${sqlActive(now)} group by k.member_id`;
  return new Map(counts.map(({ memberId, keys }) => [memberId, keys]));
}

function* pastKeys(teamId: string, shares: Shares, random: Random, now: Date): Generator<OwnedKey> {
  for (const [owner, keys] of shares) {
    for (let made = 0; made < keys; made++) {
      yield { owner, ...makeUpKey(random, teamId, owner, "personal", pastStatus(random), now) };
    }
  }
}

const pastStatus = (random: Random): KeyStatus => (random() < EXPIRED_PART ? "expired" : "revoked");

function* chunks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    if (chunk.push(item) < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
