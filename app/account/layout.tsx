import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Shell } from "@/components/shell/shell";
import { currentSession } from "@/lib/auth/current-actor";
import { isAddressConfirmedEverywhere, markedAddress } from "@/lib/members/confirmed-address";
import { visibleText } from "@/lib/text/visible-text";

/** The shell without a team, also for users who have none. */
export default async function AccountLayout({ children }: { children: ReactNode }) {
  const session = await currentSession();
  if (!session) return children;
  const { user } = session;
  const hasTeam = user.members.length > 0;

  return (
    <Shell
      user={{
        name: user.name,
        address: markedAddress(user.email, isAddressConfirmedEverywhere(user, user.members)),
      }}
      roleName={hasTeam ? "Account" : "No team"}
      navigationLabel="Your teams"
      navigation={
        <>
          {hasTeam && <p className="hidden px-2.5 pb-1 text-ink-soft text-xs md:block">Back to</p>}
          {user.members.map(({ team }) => (
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
        </>
      }
    >
      {children}
    </Shell>
  );
}
