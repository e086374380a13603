import type { Metadata } from "next";
import { PageHeader } from "@/components/page-header";
import { TitledSection } from "@/components/titled-section";
import { readAddressState } from "@/lib/account/confirm-address";
import { hasPassword } from "@/lib/account/has-password";
import { requireSession } from "@/lib/auth/current-actor";
import { appUrl } from "@/lib/env";
import { listSessions } from "@/lib/sessions/list-sessions";
import { PasswordForm } from "./password-form";
import { ProfileForm } from "./profile-form";
import { SessionToken } from "./session-token";
import { SessionsList } from "./sessions-list";
import { UnconfirmedAddress } from "./unconfirmed-address";

export const metadata: Metadata = { title: "Account" };

/** The user's account: name, password, sessions, and a token for programs. */
export default async function AccountPage() {
  const session = await requireSession("/account");
  const { name, email, members } = session.user;
  const [sessions, mayChangePassword, address] = await Promise.all([
    listSessions(session),
    hasPassword(session),
    readAddressState(session),
  ]);

  return (
    <div className="grid max-w-3xl gap-10">
      <PageHeader title="Account" description="Your profile and security settings." />
      <TitledSection title="Profile">
        <ProfileForm name={name} email={email} isEmailConfirmed={address.isConfirmed} />
        {!address.isConfirmed && <UnconfirmedAddress email={email} byMail={address.byMail} />}
      </TitledSection>
      <TitledSection title="Password" description="Changing your password signs you out everywhere else.">
        {mayChangePassword ? (
          <PasswordForm email={email} />
        ) : (
          <p className="text-ink-soft">You don’t have a password here. You sign in with another service.</p>
        )}
      </TitledSection>
      <SessionsList sessions={sessions} now={session.now.toISOString()} />
      <TitledSection
        title="Session token"
        description="Manage API keys from a script through the REST API. Expires after one hour or when you sign out."
      >
        <SessionToken apiUrl={`${appUrl()}/api/v1`} teams={members.map(({ team }) => team.slug)} />
      </TitledSection>
    </div>
  );
}
