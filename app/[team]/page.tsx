import { redirect } from "next/navigation";
import { NAVIGATION } from "@/components/shell/navigation";
import { requireActor } from "@/lib/auth/actor";
import { can } from "@/lib/auth/permissions";

type Props = { params: Promise<{ team: string }> };

/** Goes on to the first screen the member may see; who may see none is told why. */
export default async function TeamPage({ params }: Props) {
  const { team } = await params;
  const actor = await requireActor(team, `/${team}`);
  const first = NAVIGATION.find(({ anyOf }) => can(actor, ...anyOf));
  if (first) redirect(`/${team}/${first.path}`);
  return (
    <div className="grid max-w-prose gap-3">
      <h1 className="font-semibold text-2xl tracking-tight">Settings</h1>
      <p className="text-ink-soft">
        Your role, {actor.roleName}, has no screens here yet. To make API keys, ask a team admin for a role with “Manage
        API Tokens” (under Developer). It takes effect on your next click.
      </p>
    </div>
  );
}
