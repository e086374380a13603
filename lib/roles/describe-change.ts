import { CONSOLE_PERMISSIONS, type ConsolePermission } from "@/lib/permissions/console-permissions";
import { counted } from "@/lib/roles/counted";

/** `keys`: the number of active keys with this scope; null for a console permission, which keys can't have. */
export type AffectedPermission = { name: string; keys: number | null };

/** `members` have the role, including disabled ones. */
export type RoleChangePreview = { members: number; lost: AffectedPermission[]; gained: AffectedPermission[] };

/** Describes a preview, one sentence per permission; `who` names the member if there is only one. */
export function describeChange(
  { members, lost, gained }: RoleChangePreview,
  who = counted(members, "member"),
): { lost: string[]; gained: string[] } {
  return {
    lost: lost.map((permission) => lossOf(permission, members, who)),
    gained: gained.map((permission) => gainOf(permission, members, who)),
  };
}

function lossOf({ name, keys }: AffectedPermission, members: number, who: string): string {
  if (keys === null) {
    // Losing the right to create keys could be taken to stop existing ones.
    const remark =
      name === ("developer.manage_tokens" satisfies ConsolePermission) ? " Their existing keys keep working." : "";
    return `${who} can no longer ${inSentence(name)}.${remark}`;
  }
  if (keys > 0) return `${who} and ${keys} of their keys lose ${name}.`;
  return `${who} ${members === 1 ? "loses" : "lose"} ${name}. None of their keys has it.`;
}

function gainOf({ name, keys }: AffectedPermission, members: number, who: string): string {
  if (keys === null) return `${who} can ${inSentence(name)}.`;
  const gain = `${who} ${members === 1 ? "gains" : "gain"} ${name}`;
  if (keys === 0) return `${gain}.`;
  return `${gain}, and ${counted(keys, "key")} of theirs with this scope can use it again.`;
}

/** "Manage API tokens" as the middle of a sentence. */
function inSentence(name: string): string {
  const { label } = CONSOLE_PERMISSIONS[name as ConsolePermission];
  return label.charAt(0).toLowerCase() + label.slice(1);
}
