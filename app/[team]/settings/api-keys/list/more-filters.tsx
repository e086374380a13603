"use client";

import { Select } from "@/components/ui/field";
import type { KeyPerson } from "@/lib/api-keys/dto";
import { EXPIRES_WITHIN_DAYS, type KeyList, UNUSED_FOR_DAYS } from "@/lib/api-keys/list/list-choices";
import type { ScopeGroup } from "@/lib/api-keys/scope-presets";
import { visibleText } from "@/lib/text/visible-text";
import type { ListFilters } from "./list-filters";

type MoreFiltersProps = {
  list: KeyList;
  wanted: ListFilters;
  owners: KeyPerson[];
  scopeGroups: ScopeGroup[];
  isOpen: boolean;
  show: (change: Partial<ListFilters>) => void;
};

const ORDERS = {
  "": "Newest first",
  "created-asc": "Oldest first",
  name: "Name A-Z",
  "name-desc": "Name Z-A",
  expires: "Expiring soonest",
  "expires-desc": "Expiring last",
  used: "Recently used",
  "used-asc": "Least recently used",
};

/** Less common filters and, on narrow screens without column headings, the sort order. */
export function MoreFilters({ list, wanted, owners, scopeGroups, isOpen, show }: MoreFiltersProps) {
  const choice = (name: keyof ListFilters, label: string, any: string, options: Record<string, string>) => (
    <Select
      aria-label={label}
      className="w-auto! max-w-56 max-sm:min-w-[calc(50%-0.25rem)] max-sm:max-w-none max-sm:flex-1"
      value={wanted[name] ?? ""}
      onChange={(event) => show({ [name]: event.target.value || null })}
    >
      {any && <option value="">{any}</option>}
      {Object.entries(options).map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </Select>
  );
  const days = (choices: readonly number[]) => Object.fromEntries(choices.map((each) => [each, `${each} days`]));
  const scopes = scopeGroups.flatMap(({ permissions }) => permissions.map(({ name }) => name));
  if (wanted.scope && !scopes.includes(wanted.scope)) scopes.push(wanted.scope);
  return (
    <>
      {isOpen && (
        <>
          {choice("scope", "Scope", "Any scope", Object.fromEntries(scopes.map((scope) => [scope, scope])))}
          {list === "all" && choice("type", "Kind", "Any kind", { personal: "Personal keys", team: "Team keys" })}
          {list === "all" &&
            choice(
              "owner",
              "Owner",
              "Any owner",
              Object.fromEntries(owners.map(({ id, name }) => [id, visibleText(name)])),
            )}
          {choice("expires", "Expires within", "Any expiration", days(EXPIRES_WITHIN_DAYS))}
          {choice("unused", "Unused for", "Any usage", { ...days(UNUSED_FOR_DAYS), never: "Never used" })}
        </>
      )}
      <span className="contents xl:hidden">{choice("sort", "Order", "", ORDERS)}</span>
    </>
  );
}
