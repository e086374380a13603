import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { buttonClass } from "@/components/ui/button";
import { currentSession } from "@/lib/auth/current-actor";
import { findInvitation } from "@/lib/invitations/queries";
import { visibleText } from "@/lib/text/visible-text";
import { AcceptButton } from "./accept-button";
import { NewAccountForm } from "./new-account-form";
import { SignOutButton } from "./sign-out-button";

export const metadata: Metadata = { title: "Invitation" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** The page of an invitation link: its team, and the next step that fits the visitor. */
export default async function InvitePage({ searchParams }: Props) {
  const { code } = await searchParams;
  const [invitation, session] = await Promise.all([findInvitation(code), currentSession()]);
  if (typeof code !== "string" || !invitation) return <Unusable />;
  const { email, team, roleName, invitedBy, hasAccount } = invitation;
  const user = session?.user;
  const heading = (
    <div className="grid gap-1.5">
      <h1 className="wrap-anywhere font-semibold text-2xl tracking-tight">Join {visibleText(team.name)}</h1>
      <p className="text-ink-soft">
        {visibleText(invitedBy)} invited {email ?? "you"} to join as {visibleText(roleName)}.
      </p>
    </div>
  );
  if (user?.members.some((member) => member.team.slug === team.slug)) {
    return (
      <Message title={`You're already in ${visibleText(team.name)}`}>
        <p className="text-ink-soft">Someone else can still use this invitation.</p>
        <Link href={`/${team.slug}`} className={buttonClass("primary")}>
          Go to the team
        </Link>
      </Message>
    );
  }
  if (user && email !== null && user.email !== email) {
    return (
      <div className="grid gap-6">
        {heading}
        <p>
          You are signed in as {user.email}. Sign out to accept it as {email}.
        </p>
        <SignOutButton />
      </div>
    );
  }
  const signIn = `/sign-in?callbackUrl=${encodeURIComponent(`/invite?code=${code}`)}`;
  return (
    <div className="grid gap-6">
      {heading}
      {user ? (
        <AcceptButton code={code} email={user.email} />
      ) : hasAccount ? (
        <Link href={signIn} prefetch={false} className={buttonClass("primary")}>
          Sign in to accept
        </Link>
      ) : (
        <>
          <NewAccountForm code={code} email={email} signIn={signIn} />
          {email === null && (
            <p className="text-ink-soft">
              Have an account?{" "}
              <Link href={signIn} prefetch={false} className="text-accent underline underline-offset-2">
                Sign in to accept
              </Link>
            </p>
          )}
        </>
      )}
    </div>
  );
}

function Unusable() {
  return (
    <Message title="This invitation can’t be used">
      <p className="text-ink-soft">
        It may have expired, been used or been withdrawn. Ask for a new link, or sign in if you’ve joined.
      </p>
      <Link href="/sign-in" className="text-accent underline underline-offset-2">
        Go to sign-in
      </Link>
    </Message>
  );
}

function Message({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid justify-items-start gap-4">
      <h1 className="wrap-anywhere font-semibold text-2xl tracking-tight">{title}</h1>
      {children}
    </div>
  );
}
