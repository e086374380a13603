import type { Metadata } from "next";
import { NoScreens } from "@/components/no-screens";
import { PageHeader } from "@/components/page-header";
import { NAVIGATION } from "@/components/shell/navigation";
import { ScreenCard } from "@/components/shell/screen-card";
import { requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/auth/permissions";
import { DeveloperApiBanner } from "./developer-api-banner";

export const metadata: Metadata = { title: "Settings" };

type Props = { params: Promise<{ team: string }> };

/** The screens the member can open, and the API banner for members who can create keys. */
export default async function SettingsPage({ params }: Props) {
  const { team } = await params;
  const actor = await requireActor(team, `/${team}/settings`);
  const screens = NAVIGATION.filter(({ anyOf }) => can(actor, ...anyOf));
  if (screens.length === 0) return <NoScreens />;
  return (
    <div className="grid gap-6">
      <PageHeader title="Settings" description="Manage your team's keys, people and rules." />
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {screens.map(({ path, label, icon, about }) => (
          <ScreenCard key={path} href={`/${team}/${path}`} label={label} icon={icon} about={about} />
        ))}
      </ul>
      {can(actor, "developer.manage_tokens") && <DeveloperApiBanner team={team} />}
    </div>
  );
}
