import { ArrowLeft } from "lucide-react";
import { cookies } from "next/headers";
import Link from "next/link";
import type { ReactNode } from "react";
import { Logo } from "@/components/logo";
import { UserMenu } from "@/components/shell/user-menu";
import { ToastProvider } from "@/components/ui/toast";
import { currentSession } from "@/lib/auth/actor";
import { THEME_COOKIE, themeFrom } from "@/lib/theme";
import { visibleText } from "@/lib/visible-text";

/** The shell of a team without a team: who belongs to none has an account too. */
export default async function AccountLayout({ children }: { children: ReactNode }) {
  const session = await currentSession();
  if (!session) return children;
  const { name, email, members } = session.user;
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
        <aside className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2 border-line border-b px-4 py-2.5 md:sticky md:top-0 md:h-dvh md:flex-col md:flex-nowrap md:items-stretch md:justify-start md:gap-5 md:border-r md:border-b-0 md:px-3 md:py-5">
          <div className="md:px-2.5">
            <Logo />
          </div>
          <nav
            aria-label="Your teams"
            className="order-last flex w-full gap-1 overflow-x-auto md:order-none md:grow md:flex-col"
          >
            {members.length > 0 && <p className="hidden px-2.5 pb-1 text-ink-soft text-xs md:block">Back to</p>}
            {members.map(({ team }) => (
              <Link
                key={team.slug}
                href={`/${team.slug}`}
                prefetch={false}
                className="flex min-w-0 shrink-0 items-center gap-2.5 rounded-lg px-2.5 py-1.5 font-medium text-ink-soft transition-colors hover:bg-sunken hover:text-ink"
              >
                <ArrowLeft size={16} aria-hidden className="shrink-0" />
                <span className="max-w-60 truncate">{visibleText(team.name)}</span>
              </Link>
            ))}
          </nav>
          <UserMenu name={name} email={email} roleName={members.length > 0 ? "Account" : "No team"} theme={theme} />
        </aside>
        <main id="content" tabIndex={-1} className="mx-auto w-full max-w-7xl px-4 py-6 outline-none md:px-8 md:py-8">
          {children}
          <div id="overlays" />
        </main>
      </div>
    </ToastProvider>
  );
}
