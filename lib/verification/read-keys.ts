import "server-only";
import { preparedStatement, runPrepared } from "@/lib/prepared-statement";
import { processWide } from "@/lib/process-wide";
import { lookupPool } from "@/lib/verification/connections";
import {
  AS_TEXT,
  FoundKey,
  type Holder,
  holderOf,
  type KeyAndHolderRow,
  type KeyRow,
  SELECT_KEYS,
  SELECT_KEYS_AND_HOLDERS,
  SELECT_VERSIONS,
  type VerifiedKey,
  type VersionRow,
} from "@/lib/verification/key-row";

const AS_IT_COMES = { types: AS_TEXT, rowMode: "array" } as const;
const FIND_VERSIONS = preparedStatement("versions", SELECT_VERSIONS, AS_IT_COMES);
const FIND_KEYS = preparedStatement("keys", SELECT_KEYS, AS_IT_COMES);
const FIND_KEYS_AND_HOLDERS = preparedStatement("keys-and-holders", SELECT_KEYS_AND_HOLDERS, AS_IT_COMES);

/** About 350 bytes each; beyond this all are read anew, so that a team with millions of keys takes no more memory. */
const MAX_KEYS = 120_000;
const MAX_HOLDERS = 20_000;

/** By the hash of the token, in the form that the look-ups use. */
const knownKeys = processWide("knownKeys", () => new Map<string, FoundKey>());

/** By the id of the member, or of the team that is the only holder of its own keys. */
const knownHolders = processWide("knownHolders", () => new Map<string, Holder>());

function remember<Value>(known: Map<string, Value>, limit: number, id: string, value: Value): void {
  if (known.size >= limit) known.clear();
  known.set(id, value);
}

/** What was found for the tokens with these hashes: the 32 bytes of the SHA-256 as a binary string. */
type LookUps = ReadonlyMap<string, { found: VerifiedKey | null }>;

/**
 * Reads each key, and whom it acts as, as they are committed now. What was read before is used again if the team's
 * version, which is read here every time, is still that of then: the database renews it in the same commit as any change
 * to the team's keys, members, users, roles and policy. So neither a verdict nor a fact is used that the database didn't just
 * confirm. Rejects when it can't be asked.
 */
export async function readKeys(lookUps: LookUps): Promise<void> {
  const unread = await confirmKnownKeys(lookUps);
  if (unread.length === 0) return;
  const strangers = await readUnknownKeys(unread, lookUps);
  if (strangers.length > 0) await readKeysAndHolders(strangers, lookUps);
}

/** Returns the hashes of the keys that must be read: never seen, or seen under another version. */
async function confirmKnownKeys(lookUps: LookUps): Promise<string[]> {
  const teamIds = new Set<string>();
  const unread: string[] = [];
  const known: [hash: string, lookUp: { found: VerifiedKey | null }, key: FoundKey][] = [];
  for (const [hash, lookUp] of lookUps) {
    const key = knownKeys.get(hash);
    if (!key) {
      unread.push(hash);
      continue;
    }
    known.push([hash, lookUp, key]);
    teamIds.add(key.holder.team.id);
  }
  if (known.length === 0) return unread;
  const rows = await runPrepared<VersionRow>(lookupPool, FIND_VERSIONS, [`{${[...teamIds].join(",")}}`]);
  const versions = new Map(rows);
  for (const [hash, lookUp, key] of known) {
    const { team, accessVersion } = key.holder;
    if (versions.get(team.id) === accessVersion) lookUp.found = key;
    else unread.push(hash);
  }
  return unread;
}

/** Returns the hashes of the keys whose holders aren't known under the version that came with the key. */
async function readUnknownKeys(hashes: string[], lookUps: LookUps): Promise<string[]> {
  const rows = await runPrepared<KeyRow>(lookupPool, FIND_KEYS, [byteaArray(hashes)]);
  const strangers: string[] = [];
  for (const row of rows) {
    const holder = knownHolders.get(row[9]);
    if (holder?.accessVersion === row[10]) keep(row, holder, lookUps);
    else strangers.push(hashOf(row));
  }
  return strangers;
}

/** Keys and whom they act as, from one snapshot. */
async function readKeysAndHolders(hashes: string[], lookUps: LookUps): Promise<void> {
  const rows = await runPrepared<KeyAndHolderRow>(lookupPool, FIND_KEYS_AND_HOLDERS, [byteaArray(hashes)]);
  for (const row of rows) {
    const holder = holderOf(row);
    remember(knownHolders, MAX_HOLDERS, row[9], holder);
    keep(row, holder, lookUps);
  }
}

/** The hash comes back with the row, so that a key can only be the answer to its own token. */
function keep(row: KeyRow | KeyAndHolderRow, holder: Holder, lookUps: LookUps): void {
  const hash = hashOf(row);
  const lookUp = lookUps.get(hash);
  if (!lookUp) return;
  const key = new FoundKey(row, holder);
  lookUp.found = key;
  remember(knownKeys, MAX_KEYS, hash, key);
}

/** From PostgreSQL's text form of a `bytea`. */
const hashOf = (row: KeyRow | KeyAndHolderRow) => Buffer.from(row[0].slice(2), "hex").toString("latin1");

/** PostgreSQL's text form of an array of `bytea`. */
function byteaArray(hashes: string[]): string {
  return `{${hashes.map((hash) => `"\\\\x${Buffer.from(hash, "latin1").toString("hex")}"`).join(",")}}`;
}
