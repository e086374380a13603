"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";

/** Signs in through next-auth's endpoint; `goOnTo` is a path on this origin. */
export function SignInForm({ goOnTo }: { goOnTo: string }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    const refusal = await signIn(String(form.get("email")), String(form.get("password"))).catch(() => UNREACHABLE);
    if (refusal === null) return window.location.assign(goOnTo);
    setProblem(refusal);
    setBusy(false);
  }

  return (
    <form onSubmit={submit} method="post" className="grid gap-5">
      {problem && (
        <Notice tone="danger" role="alert">
          {problem}
        </Notice>
      )}
      <Field label="Email">
        {(control) => <Input {...control} name="email" type="email" autoComplete="username" required maxLength={254} />}
      </Field>
      <Field label="Password">
        {(control) => <Input {...control} name="password" type="password" autoComplete="current-password" required />}
      </Field>
      <Button type="submit" variant="primary" isBusy={isBusy}>
        {isBusy ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}

const UNREACHABLE = "Latchkey can't be reached right now. Try again in a moment.";
const DATABASE_AWAY = "Latchkey can't reach its database right now, so nobody can sign in. Try again in a moment.";

/** Returns null on success, otherwise the message to show. */
async function signIn(email: string, password: string): Promise<string | null> {
  const { csrfToken } = await (await fetch("/api/auth/csrf")).json();
  const response = await fetch("/api/auth/callback/credentials", {
    method: "POST",
    body: new URLSearchParams({ email, password, csrfToken, json: "true" }),
  });
  if (response.ok) return null;
  if (response.status === 401) return "Incorrect email or password.";
  if (response.status === 403) return (await response.json()).detail;
  if (response.status === 503) return DATABASE_AWAY;
  if (response.status !== 429) return UNREACHABLE;
  const seconds = Number(response.headers.get("retry-after"));
  if (seconds < 10) return "Many people are signing in right now. Try again in a few seconds.";
  const minutes = Math.ceil(seconds / 60);
  return `Too many failed attempts. Wait ${minutes} ${minutes === 1 ? "minute" : "minutes"}, or use a browser you've signed in with before.`;
}
