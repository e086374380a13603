"use client";

import { type FormEvent, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { UNREACHED } from "@/lib/action-result";
import { setUpAction } from "./actions";

export function SetupForm({ code }: { code: string }) {
  const [problem, setProblem] = useState<{ message: string; fields: Record<string, string> } | null>(null);
  const [isBusy, startTransition] = useTransition();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const input = { email: form.get("email"), password: form.get("password"), teamName: form.get("teamName") };
    startTransition(async () => {
      const result = await setUpAction(code, input).catch(() => UNREACHED);
      if (result.ok) window.location.assign("/sign-in");
      else setProblem(result.error);
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
      <Field label="Team name" hint="Whose API is it? For example “Acme”." error={fields.teamName}>
        {(control) => <Input {...control} name="teamName" autoComplete="organization" maxLength={80} />}
      </Field>
      <Field label="Your e-mail" error={fields.email}>
        {(control) => <Input {...control} name="email" type="email" autoComplete="username" maxLength={254} />}
      </Field>
      <Field label="Password" hint="8 to 128 characters; a few words in a row are good." error={fields.password}>
        {(control) => (
          <Input {...control} name="password" type="password" autoComplete="new-password" maxLength={128} />
        )}
      </Field>
      <Button type="submit" variant="primary" isBusy={isBusy}>
        {isBusy ? "Setting up…" : "Create admin and team"}
      </Button>
    </form>
  );
}
