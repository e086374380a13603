import { redirect } from "next/navigation";
import { NoScreens } from "@/components/no-screens";
import { NAVIGATION } from "@/components/shell/navigation";
import { requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/auth/permissions";

type Props = { params: Promise<{ team: string }> };

/** Redirects to the first screen the member can see, or explains that there is none. */
export default async function TeamPage({ params }: Props) {
  const { team } = await params;
  const actor = await requireActor(team, `/${team}`);
  const first = NAVIGATION.find(({ anyOf }) => can(actor, ...anyOf));
  if (first) redirect(`/${team}/${first.path}`);
  return <NoScreens />;
}
