import { permissionsOf } from "../../lib/auth/permissions.ts";
import { db } from "../../lib/database/db.ts";
import { apiPermissions } from "../../lib/permissions/catalog.ts";
import { StartError } from "../start-error.ts";
import { pick, type Random, wholeBetween } from "./random.ts";

/** A member who can have keys, with the scopes that their role allows and their network. */
export type KeyOwner = {
  memberId: string;
  userId: string;
  name: string;
  scopes: string[];
  readScopes: string[];
  managesTeamKeys: boolean;
  ip: string;
  userAgent: string;
};

const BROWSERS = [
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
] as const;

/** Ranges reserved for documentation (RFC 5737). */
const NETWORKS = ["192.0.2", "198.51.100", "203.0.113"] as const;

export function makeUpIp(random: Random): string {
  return `${pick(random, NETWORKS)}.${wholeBetween(random, 1, 254)}`;
}

/** All members who can create keys; the first admin, who will look at them, comes first. */
export async function readKeyOwners(teamId: string, random: Random): Promise<KeyOwner[]> {
  const members = await db.member.findMany({
    where: { teamId, removedAt: null, disabledAt: null, user: { disabledAt: null } },
    orderBy: { id: "asc" },
    select: { id: true, user: { select: { id: true, name: true } }, role: true },
  });
  const readable = new Set(apiPermissions("read"));
  const owners = members.flatMap(({ id, user, role }) => {
    const permissions = permissionsOf(role);
    const scopes = apiPermissions().filter((scope) => permissions.has(scope));
    if (!permissions.has("developer.manage_tokens") || scopes.length === 0) return [];
    const readScopes = scopes.filter((scope) => readable.has(scope));
    const managesTeamKeys = permissions.has("team.manage_keys");
    const place = { ip: makeUpIp(random), userAgent: pick(random, BROWSERS) };
    return [
      {
        memberId: id,
        userId: user.id,
        name: user.name,
        scopes,
        readScopes,
        managesTeamKeys,
        ...place,
        isAdmin: role.grantsAll,
      },
    ];
  });
  if (owners.length === 0)
    throw new StartError("Nobody in this team can create keys: grant a role “Manage API tokens” first.");
  const [firstAdmin = owners[0]] = owners.filter(({ isAdmin }) => isAdmin);
  return owners.sort((one, other) => Number(other === firstAdmin) - Number(one === firstAdmin));
}
