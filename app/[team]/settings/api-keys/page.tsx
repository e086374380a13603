import type { Metadata } from "next";
import { apiKeyListSchema, countOwnApiKeys, listOwnApiKeys } from "@/lib/api-keys/queries";
import { requireActor } from "@/lib/auth/actor";
import { pagePath } from "@/lib/auth/page-path";
import { appUrl } from "@/lib/env";
import { catalogue } from "@/lib/permissions/catalogue";
import { ApiKeysScreen } from "./api-keys-screen";

export const metadata: Metadata = { title: "API Keys" };

type Props = {
  params: Promise<{ team: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function ApiKeysPage({ params, searchParams }: Props) {
  const { team } = await params;
  const query = await searchParams;
  const actor = await requireActor(team, pagePath(`/${team}/settings/api-keys`, query), "developer.manage_tokens");
  const list = apiKeyListSchema.parse(query);
  const [page, counts] = await Promise.all([listOwnApiKeys(actor, list), countOwnApiKeys(actor)]);

  return (
    <ApiKeysScreen
      team={team}
      page={page}
      counts={counts}
      filters={{ q: list.q, status: list.status }}
      scopeGroups={grantableScopes(actor.permissions)}
      apiUrl={`${appUrl()}/api/v1`}
      now={new Date().toISOString()}
    />
  );
}

/** The catalogue, less what the member may not do: nobody can give a key more than they have. */
function grantableScopes(permissions: ReadonlySet<string>) {
  return catalogue()
    .groups.map((group) => ({ ...group, permissions: group.permissions.filter(({ name }) => permissions.has(name)) }))
    .filter((group) => group.permissions.length > 0);
}
