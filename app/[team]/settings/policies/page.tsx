import type { Metadata } from "next";
import { PageHeader } from "@/components/page-header";
import { requireActor } from "@/lib/auth/current-actor";
import { maySeeAllKeys } from "@/lib/insights/where-visible";
import { catalog } from "@/lib/permissions/catalog";
import { listKeysThatBreakPolicy } from "@/lib/policies/list-keys-that-break-policy";
import { BREAKING_KEYS_SHOWN } from "@/lib/policies/preview-policy";
import { readTeamPolicy } from "@/lib/policies/read-team-policy";
import { BreakingKeysSection } from "./breaking-keys-section";
import { PolicyForm } from "./policy-form";

export const metadata: Metadata = { title: "Policies" };

type Props = { params: Promise<{ team: string }> };

export default async function PoliciesPage({ params }: Props) {
  const { team } = await params;
  const actor = await requireActor(team, `/${team}/settings/policies`, "team.manage_policies");
  const [{ policy, changedAt }, breaking] = await Promise.all([
    readTeamPolicy(actor),
    listKeysThatBreakPolicy(actor, { limit: BREAKING_KEYS_SHOWN }),
  ]);
  return (
    <div className="grid gap-6">
      <PageHeader
        title="Policies"
        description="Rules for this team's API keys. New keys must follow them on every request. Existing keys keep working; those that don't comply are listed below."
      />
      <PolicyForm team={team} policy={policy} changedAt={changedAt} groups={catalog().groups} />
      <BreakingKeysSection team={team} breaking={breaking} mayReview={maySeeAllKeys(actor)} />
    </div>
  );
}
