import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { readMintingOptions } from "@/lib/api-keys/create/minting-options";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import { requireActor } from "@/lib/auth/current-actor";
import { pagePath } from "@/lib/auth/page-path";
import { PERIODS } from "@/lib/calls/calls-by-day";
import { appUrl } from "@/lib/env";
import { readKeyPage } from "@/lib/insights/key-page";
import { MintingProvider } from "../create/minting-context";
import { KeyScreen } from "./key-screen";

export const metadata: Metadata = { title: "API key" };

type Props = {
  params: Promise<{ team: string; id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

const periodSchema = z.coerce
  .number()
  .pipe(z.literal([...PERIODS]))
  .catch(PERIODS[0]);

/** A key's page. A key that the actor can't view is not found. */
export default async function ApiKeyPage({ params, searchParams }: Props) {
  const { team, id } = await params;
  const query = await searchParams;
  const actor = await requireActor(team, pagePath(`/${team}/settings/api-keys/${id}`, query), ...MANAGE_ANY_KEYS);
  const period = periodSchema.parse(query.days);
  const page = await readKeyPage(actor, id, period);
  if (!page) notFound();
  const options = await readMintingOptions(actor, page.key.kind);
  return (
    <MintingProvider options={options}>
      <KeyScreen team={team} page={page} period={period} apiUrl={`${appUrl()}/api/v1`} now={actor.now.toISOString()} />
    </MintingProvider>
  );
}
