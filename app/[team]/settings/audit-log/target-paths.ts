import type { Actor } from "@/lib/auth/actor";
import { can } from "@/lib/auth/permissions";
import { maySeeAllKeys } from "@/lib/insights/where-visible";
import type { TargetPath } from "./audit-table";

type Screen = { path: (id: string) => string; isOpenTo: (actor: Actor) => boolean };

const MEMBERS: Screen = { path: () => "members", isOpenTo: (actor) => can(actor, "team.manage_members") };

const SCREENS: Record<string, Screen> = {
  api_key: { path: (id) => `api-keys/${id}`, isOpenTo: maySeeAllKeys },
  role: { path: (id) => `roles/${id}`, isOpenTo: (actor) => can(actor, "team.manage_roles") },
  member: MEMBERS,
  invitation: MEMBERS,
  policy: { path: () => "policies", isOpenTo: (actor) => can(actor, "team.manage_policies") },
};

/** The pages of entries' targets that the reader may open. */
export function targetPaths(team: string, actor: Actor): TargetPath {
  return ({ action, targetType, targetId }) => {
    const screen = SCREENS[targetType];
    if (!screen || !targetId || action === "role.deleted" || !screen.isOpenTo(actor)) return null;
    return `/${team}/settings/${screen.path(targetId)}`;
  };
}
