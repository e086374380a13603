import type { AuditAction } from "../../lib/audit/actions.ts";
import type { Transaction } from "../../lib/database/db.ts";
import { insertRows } from "./insert-rows.ts";
import type { KeyOwner } from "./key-owners.ts";
import type { MadeUpKey } from "./make-up-key.ts";
import { uuidV7 } from "./uuid-v7.ts";

export type OwnedKey = MadeUpKey & { owner: KeyOwner };

/** Inserts keys and their audit entries in the caller's transaction. */
export async function insertKeys(tx: Transaction, keys: readonly OwnedKey[]): Promise<void> {
  await insertRows(
    tx,
    "api_keys",
    keys.map(({ row }) => row),
  );
  await insertRows(
    tx,
    "api_key_usage",
    keys.flatMap(({ usage }) => usage ?? []),
  );
  await insertRows(tx, "audit_entries", keys.flatMap(auditEntriesOf));
}

/** The entries that creating and revoking the key would have written. */
function auditEntriesOf(key: OwnedKey) {
  const { kind, created_at, revoked_at, expires_at, scopes } = key.row;
  const last_used_at = key.usage?.last_used_at ?? null;
  const created = auditEntry(key, "api_key.created", created_at, {
    kind,
    scopes,
    expires_at,
    ...(kind === "team" && { responsible: key.owner.name }),
  });
  if (!revoked_at) return [created];
  return [created, auditEntry(key, "api_key.revoked", revoked_at, { kind, last_used_at })];
}

function auditEntry({ row, owner }: OwnedKey, action: AuditAction, at: Date, details: object) {
  return {
    id: uuidV7(at),
    team_id: row.team_id,
    at,
    action,
    actor_id: owner.userId,
    actor_name: owner.name,
    target_type: "api_key",
    target_id: row.id,
    target_label: row.name ?? row.token_start,
    ip: owner.ip,
    user_agent: owner.userAgent,
    details,
  };
}
