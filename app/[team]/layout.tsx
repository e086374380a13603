import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { NavLink } from "@/components/shell/nav-link";
import { NAVIGATION } from "@/components/shell/navigation";
import { NoticeBell } from "@/components/shell/notice-bell";
import { Shell } from "@/components/shell/shell";
import { TeamSwitcher } from "@/components/shell/team-switcher";
import { currentSession, requireActor } from "@/lib/auth/current-actor";
import { can } from "@/lib/auth/permissions";
import { isAddressConfirmed, markedAddress } from "@/lib/members/confirmed-address";
import { countUnreadNotices } from "@/lib/notices/list-notices";

type Props = { children: ReactNode; params: Promise<{ team: string }> };

/** The signed-in shell. It only decides what to show; every page authorizes on its own. */
export default async function TeamLayout({ children, params }: Props) {
  const { team: slug } = await params;
  const session = await currentSession();
  // The page knows where to return after sign-in; a redirect from here would override its own.
  if (!session) return children;
  const actor = await requireActor(slug, `/${slug}`);
  const { user } = session;
  const teams = user.members.map(({ team }) => ({ slug: team.slug, name: team.name }));
  const member = user.members.find(({ team }) => team.slug === slug);
  if (!member) notFound();
  const unread = { count: await countUnreadNotices(actor), at: actor.now.toISOString() };
  const screens = NAVIGATION.filter(({ anyOf }) => can(actor, ...anyOf));

  return (
    <Shell
      user={{ name: user.name, address: markedAddress(user.email, isAddressConfirmed(user, member)) }}
      roleName={actor.roleName}
      switcher={<TeamSwitcher current={{ slug, name: member.team.name }} teams={teams} />}
      bell={<NoticeBell team={slug} unread={unread} />}
      navigationLabel="Settings"
      navigation={
        <>
          {screens.length > 0 && <NavLink href={`/${slug}/settings`} label="Settings" icon="settings" isExact />}
          {screens.map(({ path, label, icon }) => (
            <NavLink key={path} href={`/${slug}/${path}`} label={label} icon={icon} />
          ))}
        </>
      }
    >
      {children}
    </Shell>
  );
}
