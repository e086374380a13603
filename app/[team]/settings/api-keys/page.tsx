import type { Metadata } from "next";
import { grantableScopes } from "@/lib/api-keys/grantable-scopes";
import { KEY_KINDS, MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";
import { apiKeyListSchema, countApiKeys, listApiKeys } from "@/lib/api-keys/queries";
import { requireActor } from "@/lib/auth/actor";
import { pagePath } from "@/lib/auth/page-path";
import { can } from "@/lib/auth/permissions";
import { appUrl } from "@/lib/env";
import { ApiKeysScreen } from "./api-keys-screen";

export const metadata: Metadata = { title: "API Keys" };

type Props = {
  params: Promise<{ team: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** The member's own keys, or with `?kind=team` the team's; without a kind, the first that they may manage. */
export default async function ApiKeysPage({ params, searchParams }: Props) {
  const { team } = await params;
  const query = await searchParams;
  const list = apiKeyListSchema.parse(query);
  const needed = list.kind ? [MANAGE_KEYS[list.kind]] : MANAGE_ANY_KEYS;
  const actor = await requireActor(team, pagePath(`/${team}/settings/api-keys`, query), ...needed);
  const kinds = KEY_KINDS.filter((kind) => can(actor, MANAGE_KEYS[kind]));
  const kind = list.kind ?? kinds[0] ?? "personal";
  const [page, counts] = await Promise.all([listApiKeys(actor, kind, list), countApiKeys(actor, kind)]);

  return (
    <ApiKeysScreen
      team={team}
      kind={kind}
      kinds={kinds}
      page={page}
      counts={counts}
      filters={{ kind: list.kind, q: list.q, status: list.status }}
      scopeGroups={grantableScopes(kind, actor.permissions)}
      apiUrl={`${appUrl()}/api/v1`}
      now={new Date().toISOString()}
    />
  );
}
