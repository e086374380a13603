import { AUDIT_ACTIONS, type AuditAction } from "@/lib/audit/actions";

/** The kinds of targets, with their labels in the log's filter. */
export const AUDIT_TARGETS = {
  api_key: "API keys",
  role: "Roles",
  member: "Members",
  invitation: "Invitations",
  policy: "Policies",
  team: "Team",
  session: "Sessions",
  user: "Accounts",
  permission: "Denied actions",
  audit_log: "Audit log",
} as const;

export type AuditTarget = keyof typeof AUDIT_TARGETS;
export const AUDIT_TARGET_NAMES = Object.keys(AUDIT_TARGETS) as [AuditTarget, ...AuditTarget[]];

/** Groups by the first part of an action's name; unlisted ones come last. */
const GROUPS: [label: string, families: string[]][] = [
  ["API keys", ["api_key", "api_keys"]],
  ["Roles and members", ["role", "member", "invitation", "calendar_link"]],
  ["Team", ["team", "policy", "audit", "permission"]],
  ["Sign-in and accounts", ["session", "session_token", "user"]],
];
const OTHER = "Other";

export type ActionGroup = { label: string; actions: { name: AuditAction; label: string }[] };

/** All actions in groups, for a select. */
export function actionGroups(): ActionGroup[] {
  const groupOf = (action: string) =>
    GROUPS.find(([, families]) => families.includes(action.split(".")[0] ?? ""))?.[0] ?? OTHER;
  const actions = Object.entries(AUDIT_ACTIONS) as [AuditAction, string][];
  return [...GROUPS.map(([label]) => label), OTHER]
    .map((label) => ({
      label,
      actions: actions.filter(([name]) => groupOf(name) === label).map(([name, words]) => ({ name, label: words })),
    }))
    .filter(({ actions }) => actions.length > 0);
}
