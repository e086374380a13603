"use client";

import Link from "next/link";
import { AccountForm } from "../account-form";
import { acceptWithNewAccountAction } from "./actions";
import { signInAfterJoining } from "./sign-in-after-joining";

type NewAccountFormProps = {
  code: string;
  /** The invited address; null if the user chooses it. */
  email: string | null;
  signIn: string;
};

const PERSON = { name: "name", label: "Your name", autoComplete: "name" };

/** Name and password for a new account, which is then signed in. */
export function NewAccountForm({ code, email, signIn }: NewAccountFormProps) {
  return (
    <AccountForm
      first={PERSON}
      email={email}
      submitLabel="Create account and join"
      busyLabel="Joining…"
      onConflict={
        <p>
          <Link href={signIn} prefetch={false} className="text-accent underline underline-offset-2">
            Sign in to accept
          </Link>
        </p>
      }
      send={(input) => acceptWithNewAccountAction(code, input)}
      onDone={async (joined, password) => window.location.replace(await signInAfterJoining(joined, password))}
    />
  );
}
