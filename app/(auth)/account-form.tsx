"use client";

import { type FormEvent, type ReactNode, useState, useTransition } from "react";
import { NewPasswordField } from "@/components/new-password-field";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { unanswered } from "@/components/unanswered";
import type { ActionFailure, ActionResult } from "@/lib/action-result";

type AccountFormProps<Data> = {
  /** The field above email and password. */
  first: { name: string; label: string; hint?: string; autoComplete: string };
  /** A fixed email address; null if the user chooses it. */
  email?: string | null;
  submitLabel: string;
  busyLabel: string;
  /** Shown under the error if the account already exists. */
  onConflict?: ReactNode;
  send: (input: Record<string, unknown>) => Promise<ActionResult<Data>>;
  onDone: (data: Data, password: string) => void | Promise<void>;
};

/** Creates an account from an email address, a password and one more field. */
export function AccountForm<Data>(props: AccountFormProps<Data>) {
  const { first, email = null, submitLabel, busyLabel, onConflict, send, onDone } = props;
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [isBusy, startTransition] = useTransition();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    const password = String(form.get("password"));
    const input = { [first.name]: form.get(first.name), email: email ?? form.get("email"), password };
    startTransition(async () => {
      const result = await send(input).catch(unanswered);
      if (!result.ok) return setProblem(result.error);
      await onDone(result.data, password);
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
      {problem?.code === "conflict" && onConflict}
      <TextField {...first} error={fields[first.name]} maxLength={80} />
      <TextField
        label="Your email"
        error={fields.email}
        name="email"
        type="email"
        autoComplete="username"
        maxLength={254}
        readOnly={email !== null}
        defaultValue={email ?? ""}
      />
      <NewPasswordField label="Password" name="password" error={fields.password} />
      <Button type="submit" variant="primary" isBusy={isBusy}>
        {isBusy ? busyLabel : submitLabel}
      </Button>
    </form>
  );
}
