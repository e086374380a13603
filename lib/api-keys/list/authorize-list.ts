import "server-only";
import { KEY_LISTS, type KeyList, LIST_PERMISSIONS } from "@/lib/api-keys/list/list-choices";
import { authorize, can } from "@/lib/auth/permissions";

type Permitted = { permissions: ReadonlySet<string> };

/** The lists that the actor may see. */
export function listsFor(actor: Permitted): KeyList[] {
  return KEY_LISTS.filter((list) => LIST_PERMISSIONS[list].every((permission) => can(actor, permission)));
}

/** Throws `forbidden` unless the actor has all permissions that the list requires. */
export function authorizeList(actor: Permitted, list: KeyList): void {
  for (const permission of LIST_PERMISSIONS[list]) authorize(actor, permission);
}
