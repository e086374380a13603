/** The fields that show whether a member is active in their team. */
export const holderSelect = {
  id: true,
  disabledAt: true,
  removedAt: true,
  user: { select: { name: true, disabledAt: true } },
  role: { select: { name: true, grantsAll: true, permissions: true } },
} as const;

type HolderRow = {
  id: string;
  disabledAt: Date | null;
  removedAt: Date | null;
  user: { name: string; disabledAt: Date | null };
  role: { name: string };
};

/** The member a personal key acts as, or a team key's contact; `since` is when they became inactive. */
export type Holder = { id: string; name: string; roleName: string; state: HolderState; since: string | null };

export type HolderState = "active" | "disabled" | "removed";

export function holder({ id, user, role, removedAt, disabledAt }: HolderRow): Holder {
  const gone = removedAt ?? disabledAt ?? user.disabledAt;
  const state = removedAt ? "removed" : gone ? "disabled" : "active";
  return { id, name: user.name, roleName: role.name, state, since: gone?.toISOString() ?? null };
}
