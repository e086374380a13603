"use client";

import { type FormEvent, type ReactNode, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { unanswered } from "@/components/unanswered";
import type { ActionFailure, ActionResult } from "@/lib/action-result";

type ChangeDialogProps<Data> = {
  title: string;
  description?: ReactNode;
  submitLabel: string;
  isDangerous?: boolean;
  change: () => Promise<ActionResult<Data>>;
  onDone: (data: Data) => void;
  onClose: () => void;
  /** The fields in `children`; errors of other fields are shown above them. */
  fields?: readonly string[];
  children?: (fieldErrors: Record<string, string>) => ReactNode;
};

/** A dialog for one change: shows errors and preserves the input. */
export function ChangeDialog<Data>(props: ChangeDialogProps<Data>) {
  const { title, description, submitLabel, isDangerous, change, onDone, onClose, fields, children } = props;
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [isBusy, startTransition] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    startTransition(async () => {
      const result = await change().catch(unanswered);
      if (result.ok) onDone(result.data);
      else setProblem(result.error);
    });
  }

  const errors = problem?.fields ?? {};
  const isGeneral = problem && !Object.keys(errors).some((name) => fields?.includes(name) ?? true);
  return (
    <Dialog title={title} description={description} onClose={onClose}>
      <form onSubmit={submit} className="contents" noValidate>
        {(children || isGeneral) && (
          <DialogBody>
            {isGeneral && (
              <Notice tone="danger" role="alert">
                {problem.message}
              </Notice>
            )}
            {children?.(errors)}
          </DialogBody>
        )}
        <div className={children || isGeneral ? "" : "mt-5"}>
          <DialogFooter>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant={isDangerous ? "danger" : "primary"} isBusy={isBusy}>
              {submitLabel}
            </Button>
          </DialogFooter>
        </div>
      </form>
    </Dialog>
  );
}
