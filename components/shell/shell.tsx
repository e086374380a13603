import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Logo } from "@/components/logo";
import { UserMenu } from "@/components/shell/user-menu";
import { DismissTooltips } from "@/components/ui/dismiss-tooltips";
import { ToastProvider } from "@/components/ui/toast";
import { THEME_COOKIE, themeFrom } from "@/lib/account/theme";

type ShellProps = {
  /** `address` is marked if unconfirmed. */
  user: { name: string; address: string };
  roleName: string;
  /** Between the logo and the navigation. */
  switcher?: ReactNode;
  /** Beside the logo. */
  bell?: ReactNode;
  navigationLabel: string;
  navigation: ReactNode;
  children: ReactNode;
};

/** The frame of signed-in screens: logo, navigation, user menu and toasts. */
export async function Shell({ user, roleName, switcher, bell, navigationLabel, navigation, children }: ShellProps) {
  const theme = themeFrom((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <ToastProvider>
      <DismissTooltips />
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-lg focus:bg-surface focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <div className="md:grid md:min-h-dvh md:grid-cols-[15rem_minmax(0,1fr)]">
        <aside className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2 border-line border-b px-4 py-2.5 md:sticky md:top-0 md:h-dvh md:flex-col md:flex-nowrap md:items-stretch md:justify-start md:gap-5 md:border-r md:border-b-0 md:px-3 md:py-5">
          <div className="flex items-center justify-between gap-2 md:pl-2.5">
            <Logo />
            {bell}
          </div>
          {switcher && <div className="min-w-0 grow basis-0 md:grow-0 md:basis-auto">{switcher}</div>}
          <nav
            aria-label={navigationLabel}
            className="order-last flex w-full gap-1 overflow-x-auto max-md:-mx-4 max-md:w-[calc(100%+2rem)] max-md:px-4 max-md:[scrollbar-width:none] md:order-none md:grow md:flex-col md:overflow-y-auto"
          >
            {navigation}
          </nav>
          <UserMenu name={user.name} address={user.address} roleName={roleName} theme={theme} />
        </aside>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-7xl px-4 3xl:max-w-[100rem] py-6 outline-none md:px-8 md:py-8"
        >
          {children}
          <div id="overlays" />
        </main>
      </div>
    </ToastProvider>
  );
}
