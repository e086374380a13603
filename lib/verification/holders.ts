import "server-only";
import { processWide } from "@/lib/process-wide";
import { type Holder, holderOf, type KeyAndHolderRow, type KeyRow } from "@/lib/verification/key-row";

const MAX_HOLDERS = 20_000;

type Known = Holder & { accessVersion: string };

/** By the id of the member, or of the team that is the only holder of its own keys. */
const known = processWide("keyHolders", () => new Map<string, Known>());

/**
 * Whom a key acts as, if that was read under the version that its team has in the key's own
 * snapshot. The database renews the version with every change of a member, user, role or team, so
 * what was read under it is what the key's snapshot holds. No verdict is kept, and nothing without
 * asking the database: the version comes with every key.
 */
export function knownHolder(row: KeyRow): Holder | undefined {
  const holder = known.get(row[11]);
  return holder?.accessVersion === row[12] ? holder : undefined;
}

/** Remembers whom a key acts as, read in one snapshot with the version. */
export function rememberHolder(row: KeyAndHolderRow): Holder {
  const holder = holderOf(row);
  if (known.size >= MAX_HOLDERS) known.clear();
  known.set(row[11], { ...holder, accessVersion: row[12] });
  return holder;
}
