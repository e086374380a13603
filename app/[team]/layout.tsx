import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { Logo } from "@/components/logo";
import { NavLink } from "@/components/shell/nav-link";
import { NAVIGATION } from "@/components/shell/navigation";
import { TeamSwitcher } from "@/components/shell/team-switcher";
import { UserMenu } from "@/components/shell/user-menu";
import { ToastProvider } from "@/components/ui/toast";
import { currentSession, requireActor } from "@/lib/auth/actor";
import { can } from "@/lib/auth/permissions";
import { THEME_COOKIE, themeFrom } from "@/lib/theme";

type Props = { children: ReactNode; params: Promise<{ team: string }> };

/** The signed-in shell. It only decides what to show; every page below authorises for itself. */
export default async function TeamLayout({ children, params }: Props) {
  const { team: slug } = await params;
  const session = await currentSession();
  // The page knows where to come back to after signing in; a redirect from here would win over its own.
  if (!session) return children;
  const actor = await requireActor(slug, `/${slug}`);
  const teams = session.user.members.map(({ team }) => ({ slug: team.slug, name: team.name }));
  const current = teams.find((team) => team.slug === slug);
  if (!current) notFound();
  const screens = NAVIGATION.filter(({ anyOf }) => can(actor, ...anyOf));
  const theme = themeFrom((await cookies()).get(THEME_COOKIE)?.value);

  return (
    <ToastProvider>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-lg focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <div className="md:grid md:min-h-dvh md:grid-cols-[15rem_minmax(0,1fr)]">
        <aside className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2.5 md:sticky md:top-0 md:h-dvh md:flex-col md:flex-nowrap md:items-stretch md:gap-5 md:border-r md:border-b-0 md:px-3 md:py-5">
          <div className="md:px-2.5">
            <Logo />
          </div>
          <div className="min-w-0 grow basis-0 md:grow-0 md:basis-auto">
            <TeamSwitcher current={current} teams={teams} />
          </div>
          <nav
            aria-label="Settings"
            className="order-last flex w-full gap-1 overflow-x-auto md:order-none md:grow md:flex-col"
          >
            {screens.length > 0 && <NavLink href={`/${slug}/settings`} label="Settings" icon="settings" isExact />}
            {screens.map(({ path, label, icon }) => (
              <NavLink key={path} href={`/${slug}/${path}`} label={label} icon={icon} />
            ))}
          </nav>
          <UserMenu name={session.user.name} email={session.user.email} roleName={actor.roleName} theme={theme} />
        </aside>
        <main id="content" tabIndex={-1} className="mx-auto w-full max-w-7xl px-4 py-6 outline-none md:px-8 md:py-8">
          {children}
          <div id="overlays" />
        </main>
      </div>
    </ToastProvider>
  );
}
