import type { KeyKind } from "../../lib/api-keys/kinds.ts";
import type { KeyStatus } from "../../lib/api-keys/status.ts";
import { generateToken } from "../../lib/api-keys/token.ts";
import { makeUpKeyLife } from "./key-life.ts";
import { makeUpCaller } from "./key-names.ts";
import { type KeyOwner, makeUpIp } from "./key-owners.ts";
import { pick, pickWeighted, type Random, wholeBetween } from "./random.ts";
import { uuidV7 } from "./uuid-v7.ts";

const MAX_CALLS_PER_HOUR = 400;

/** A key as a table row, with its token. */
export type MadeUpKey = ReturnType<typeof makeUpKey>;

/**
 * Generates a key with this status at `now`: a personal one of the owner, or a team key with the owner as its contact.
 * Only the token doesn't come from `random`.
 */
export function makeUpKey(
  random: Random,
  teamId: string,
  owner: KeyOwner,
  kind: KeyKind,
  status: KeyStatus,
  now: Date,
) {
  const { token, tokenHash, tokenStart, tokenLastFour } = generateToken(kind);
  const { createdAt, expiresAt, revokedAt, lastUsedAt } = makeUpKeyLife(random, status, now);
  const { name, userAgent } = makeUpCaller(random);
  const row = {
    id: uuidV7(createdAt),
    team_id: teamId,
    member_id: kind === "personal" ? owner.memberId : null,
    responsible_member_id: kind === "team" ? owner.memberId : null,
    kind,
    name,
    token_hash: `\\x${tokenHash.toString("hex")}`,
    token_start: tokenStart,
    token_last_four: tokenLastFour,
    scopes: chooseScopes(random, owner),
    created_at: createdAt,
    expires_at: expiresAt,
    revoked_at: revokedAt,
  };
  const usage = lastUsedAt && {
    team_id: teamId,
    key_id: row.id,
    last_used_at: lastUsedAt,
    last_used_ip: makeUpIp(random),
    last_used_user_agent: userAgent,
    hour: startOfHour(lastUsedAt),
    calls: wholeBetween(random, 1, MAX_CALLS_PER_HOUR),
  };
  return { row, usage, token, status };
}

function startOfHour(at: Date): Date {
  const hour = new Date(at);
  hour.setUTCMinutes(0, 0, 0);
  return hour;
}

/** A preset or a few scopes, within the owner's role, in the catalog's order. */
function chooseScopes(random: Random, { scopes, readScopes }: KeyOwner): string[] {
  const choice = pickWeighted(random, [
    [25, "all"],
    [30, "read"],
    [45, "few"],
  ]);
  if (choice === "all") return scopes;
  if (choice === "read" && readScopes.length > 0) return readScopes;
  const wanted = new Set(Array.from({ length: wholeBetween(random, 1, 3) }, () => pick(random, scopes)));
  return scopes.filter((scope) => wanted.has(scope));
}
