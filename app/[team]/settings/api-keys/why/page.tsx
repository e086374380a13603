import type { Metadata } from "next";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import { requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/auth/permissions";
import { explainStop } from "@/lib/insights/explain-stop";
import { stopQuestionSchema } from "@/lib/insights/stop-question";
import { WhyScreen } from "./why-screen";

export const metadata: Metadata = { title: "Why did it stop?" };

type Props = {
  params: Promise<{ team: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** Why a key stopped working or a request was denied. `?q=` searches immediately, as the link on a key's page does. */
export default async function WhyPage({ params, searchParams }: Props) {
  const { team } = await params;
  const question = stopQuestionSchema.safeParse({ text: (await searchParams).q });
  const q = question.success && "text" in question.data ? question.data.text : "";
  const path = `/${team}/settings/api-keys/why${q ? `?q=${encodeURIComponent(q)}` : ""}`;
  const actor = await requireActor(team, path, ...MANAGE_ANY_KEYS);
  return (
    <WhyScreen
      key={q}
      team={team}
      asked={q}
      answer={q ? await explainStop(actor, { text: q }) : null}
      managesMembers={can(actor, "team.manage_members")}
      now={actor.now.toISOString()}
    />
  );
}
