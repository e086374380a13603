"use client";

import Link from "next/link";
import { type FormEvent, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { type ActionFailure, UNREACHED } from "@/lib/action-result";
import { acceptWithNewAccountAction } from "./actions";
import { signInAfterJoining } from "./sign-in-after-joining";

type NewAccountFormProps = {
  code: string;
  /** The address the invitation is for; null when whoever has the link chooses. */
  email: string | null;
  signIn: string;
};

/** Name and password for who has no account yet; they are signed in with it at once. */
export function NewAccountForm({ code, email, signIn }: NewAccountFormProps) {
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [isBusy, startTransition] = useTransition();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    const password = String(form.get("password"));
    const input = { name: form.get("name"), email: email ?? form.get("email"), password };
    startTransition(async () => {
      const result = await acceptWithNewAccountAction(code, input).catch(() => UNREACHED);
      if (!result.ok) return setProblem(result.error);
      window.location.replace(await signInAfterJoining(result.data, password));
    });
  }

  const fields = problem?.fields ?? {};
  return (
    <form onSubmit={submit} className="grid gap-5" noValidate>
      {problem && Object.keys(fields).length === 0 && (
        <Notice tone="danger" role="alert">
          {problem.message}
        </Notice>
      )}
      {problem?.code === "conflict" && (
        <p>
          <Link href={signIn} prefetch={false} className="text-accent underline underline-offset-2">
            Sign in to accept
          </Link>
        </p>
      )}
      <Field label="Your name" error={fields.name}>
        {(control) => <Input {...control} name="name" autoComplete="name" maxLength={80} />}
      </Field>
      <Field label="Your e-mail" error={fields.email}>
        {(control) => (
          <Input
            {...control}
            name="email"
            type="email"
            autoComplete="username"
            maxLength={254}
            readOnly={email !== null}
            defaultValue={email ?? ""}
          />
        )}
      </Field>
      <Field label="Password" hint="8 to 128 characters; a few words in a row are good." error={fields.password}>
        {(control) => (
          <Input {...control} name="password" type="password" autoComplete="new-password" maxLength={128} />
        )}
      </Field>
      <Button type="submit" variant="primary" isBusy={isBusy}>
        {isBusy ? "Joining…" : "Create account and join"}
      </Button>
    </form>
  );
}
