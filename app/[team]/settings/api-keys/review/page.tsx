import type { Metadata } from "next";
import { readMintingOptions } from "@/lib/api-keys/create/minting-options";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import { requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/auth/permissions";
import { appUrl } from "@/lib/env";
import { readReview } from "@/lib/insights/review";
import { ReviewScreen } from "./review-screen";

export const metadata: Metadata = { title: "Review" };

type Props = { params: Promise<{ team: string }> };

/** The keys to review, each with possible fixes. */
export default async function ReviewPage({ params }: Props) {
  const { team } = await params;
  const actor = await requireActor(team, `/${team}/settings/api-keys/review`, ...MANAGE_ANY_KEYS);
  const [review, personal, teams] = await Promise.all([
    readReview(actor),
    readMintingOptions(actor, "personal"),
    readMintingOptions(actor, "team"),
  ]);
  return (
    <ReviewScreen
      team={team}
      review={review}
      options={{ personal, team: teams }}
      managesMembers={can(actor, "team.manage_members")}
      apiUrl={`${appUrl()}/api/v1`}
      now={actor.now.toISOString()}
    />
  );
}
