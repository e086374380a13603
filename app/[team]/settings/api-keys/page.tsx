import type { Metadata } from "next";
import { cookies } from "next/headers";
import { readMintingTerms } from "@/lib/api-keys/create/minting-options";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import { listsFor } from "@/lib/api-keys/list/authorize-list";
import { LIST_PERMISSIONS } from "@/lib/api-keys/list/list-choices";
import { COLUMNS_COOKIE, hiddenColumnsFrom } from "@/lib/api-keys/list/list-columns";
import { apiKeyListSchema } from "@/lib/api-keys/list/list-input";
import { listOwners } from "@/lib/api-keys/list/list-owners";
import { countApiKeys, listApiKeys } from "@/lib/api-keys/queries";
import { requireActor } from "@/lib/auth/current-actor";
import { pagePath } from "@/lib/auth/page-path";
import { can } from "@/lib/auth/permissions";
import { appUrl } from "@/lib/env";
import { ApiKeysScreen } from "./api-keys-screen";
import { filtersOf } from "./list/list-filters";

export const metadata: Metadata = { title: "API keys" };

type Props = {
  params: Promise<{ team: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/**
 * The member's own keys, with `?kind=team` the team's, with `?kind=all` all; without a kind, the first list that they
 * can see.
 */
export default async function ApiKeysPage({ params, searchParams }: Props) {
  const { team } = await params;
  const query = await searchParams;
  const input = apiKeyListSchema.parse(query);
  const path = pagePath(`/${team}/settings/api-keys`, query);
  const actor = await requireActor(team, path, ...(input.kind ? [] : MANAGE_ANY_KEYS));
  const missing = input.kind && LIST_PERMISSIONS[input.kind].find((permission) => !can(actor, permission));
  if (missing) await requireActor(team, path, missing);
  const lists = listsFor(actor);
  const list = input.kind ?? lists[0] ?? "personal";
  // Started here and awaited by the part of the page that shows it; the rest doesn't wait.
  const page = listApiKeys(actor, list, input);
  page.catch(() => {});
  const [counts, owners, optionsFor, jar] = await Promise.all([
    countApiKeys(actor, list),
    list === "all" ? listOwners(actor, input.owner) : [],
    readMintingTerms(actor),
    cookies(),
  ]);

  return (
    <ApiKeysScreen
      team={team}
      list={list}
      lists={lists}
      page={page}
      counts={counts}
      filters={filtersOf(input)}
      owners={owners}
      hiddenColumns={hiddenColumnsFrom(jar.get(COLUMNS_COOKIE)?.value)}
      options={{
        personal: list === "team" ? null : optionsFor("personal"),
        team: list === "personal" ? null : optionsFor("team"),
      }}
      apiUrl={`${appUrl()}/api/v1`}
      now={actor.now.toISOString()}
    />
  );
}
