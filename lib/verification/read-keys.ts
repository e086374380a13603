import "server-only";
import { preparedStatement, runPrepared } from "@/lib/prepared-statement";
import { processWide } from "@/lib/process-wide";
import { lookupPool } from "@/lib/verification/connections";
import { KeptKeys } from "@/lib/verification/kept-keys";
import {
  AS_TEXT,
  holderOf,
  type KeyAndHolderRow,
  type KeyRow,
  keyOf,
  SELECT_KEYS,
  SELECT_KEYS_AND_HOLDERS,
  SELECT_VERSIONS,
  type VersionRow,
} from "@/lib/verification/key-row";
import type { Holder, VerifiedKey } from "@/lib/verification/verified-key";

const AS_IT_COMES = { types: AS_TEXT, rowMode: "array" } as const;
const FIND_VERSIONS = preparedStatement("versions", SELECT_VERSIONS, AS_IT_COMES);
const FIND_KEYS = preparedStatement("keys", SELECT_KEYS, AS_IT_COMES);
const FIND_KEYS_AND_HOLDERS = preparedStatement("keys-and-holders", SELECT_KEYS_AND_HOLDERS, AS_IT_COMES);

const MAX_HOLDERS = 20_000;

const keptKeys = processWide("keptKeys", () => new KeptKeys());

/** By the id of the member, or of the team that is the only holder of its own keys. */
const knownHolders = processWide("knownHolders", () => new Map<string, Holder>());

/** By the hashes of the tokens, the 32 bytes of the SHA-256 as a binary string: what was found for each. */
type LookUps = ReadonlyMap<string, { found: VerifiedKey | null }>;

/**
 * Reads each key, and whom it acts as, as they are committed now. What was read before is used again if the team's
 * version, which is read here every time, is still that of then: the database renews it in the same commit as any change
 * to the team's keys, members, users, roles and policy. So neither a verdict nor a fact is used that the database didn't just
 * confirm. Rejects when it can't be asked.
 */
export async function readKeys(lookUps: LookUps): Promise<void> {
  const unread = await confirmKeptKeys(lookUps);
  if (unread.length === 0) return;
  const found = await readUnknownKeys(unread);
  for (const [hash, key] of found) {
    const lookUp = lookUps.get(hash);
    if (!lookUp) continue;
    lookUp.found = key;
    keptKeys.keep(hash, key);
  }
}

/**
 * Returns the hashes of the keys that must be read: never seen, or seen under another version. Where most of them weren't
 * seen, that is all of them: one statement about all takes less than two, one after the other.
 */
async function confirmKeptKeys(lookUps: LookUps): Promise<string[]> {
  const teamIds = new Set<string>();
  const unread: string[] = [];
  const kept: [hash: string, lookUp: { found: VerifiedKey | null }, key: VerifiedKey][] = [];
  for (const [hash, lookUp] of lookUps) {
    const key = keptKeys.get(hash);
    if (!key) {
      unread.push(hash);
      continue;
    }
    kept.push([hash, lookUp, key]);
    teamIds.add(key.holder.team.id);
  }
  if (kept.length <= unread.length) return [...lookUps.keys()];
  const rows = await runPrepared<VersionRow>(lookupPool, FIND_VERSIONS, [`{${[...teamIds].join(",")}}`]);
  const versions = new Map(rows);
  for (const [hash, lookUp, key] of kept) {
    const { team, accessVersion } = key.holder;
    if (versions.get(team.id) === accessVersion) lookUp.found = key;
    else unread.push(hash);
  }
  return unread;
}

type FoundKeys = [hash: string, key: VerifiedKey][];

/** Keys from the database; those whose holder isn't known under the version that came with the key, together with it. */
async function readUnknownKeys(hashes: string[]): Promise<FoundKeys> {
  const rows = await runPrepared<KeyRow>(lookupPool, FIND_KEYS, [byteaArray(hashes)]);
  const found: FoundKeys = [];
  const strangers: string[] = [];
  for (const row of rows) {
    const hash = hashOf(row);
    const holder = knownHolders.get(row[9]);
    if (holder?.accessVersion === row[10]) found.push([hash, keyOf(row, holder)]);
    else strangers.push(hash);
  }
  return strangers.length === 0 ? found : found.concat(await readKeysAndHolders(strangers));
}

/** Keys and whom they act as, from one snapshot. */
async function readKeysAndHolders(hashes: string[]): Promise<FoundKeys> {
  const rows = await runPrepared<KeyAndHolderRow>(lookupPool, FIND_KEYS_AND_HOLDERS, [byteaArray(hashes)]);
  return rows.map((row) => {
    const holder = holderOf(row);
    if (knownHolders.size >= MAX_HOLDERS) knownHolders.clear();
    knownHolders.set(row[9], holder);
    return [hashOf(row), keyOf(row, holder)];
  });
}

/** The hash comes back with the row, so that a key can only be the answer to its own token. From PostgreSQL's text form of a `bytea`. */
const hashOf = (row: KeyRow | KeyAndHolderRow) => Buffer.from(row[0].slice(2), "hex").toString("latin1");

/** PostgreSQL's text form of an array of `bytea`. */
function byteaArray(hashes: string[]): string {
  return `{${hashes.map((hash) => `"\\\\x${Buffer.from(hash, "latin1").toString("hex")}"`).join(",")}}`;
}
