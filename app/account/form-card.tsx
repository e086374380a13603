"use client";

import { type FormEvent, type ReactNode, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { unanswered } from "@/components/unanswered";
import type { ActionFailure, ActionResult } from "@/lib/action-result";

type FormCardProps<Data> = {
  submitLabel: string;
  /** The fields in `children`; errors of other fields are shown above them. */
  fields: readonly string[];
  change: () => Promise<ActionResult<Data>>;
  confirmation: (data: Data) => string;
  onDone: (data: Data) => void;
  children: (errors: Record<string, string>) => ReactNode;
};

/** A form that stays on the page, shows errors and preserves the input. */
export function FormCard<Data>({ submitLabel, fields, change, confirmation, onDone, children }: FormCardProps<Data>) {
  const toast = useToast();
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [isBusy, startTransition] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    startTransition(async () => {
      const result = await change().catch(unanswered);
      setProblem(result.ok ? null : result.error);
      if (!result.ok) return;
      onDone(result.data);
      toast(confirmation(result.data));
    });
  }

  const errors = problem?.fields ?? {};
  return (
    <form
      onSubmit={submit}
      noValidate
      className="grid gap-5 rounded-xl border border-line bg-surface p-4 shadow-raised sm:p-5"
    >
      {problem && !fields.some((field) => errors[field]) && (
        <Notice tone="danger" role="alert">
          {problem.message}
        </Notice>
      )}
      <div className="grid max-w-md gap-5">{children(errors)}</div>
      <div>
        <Button type="submit" variant="primary" isBusy={isBusy}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}
