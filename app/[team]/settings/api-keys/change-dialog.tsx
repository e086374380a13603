"use client";

import { type FormEvent, type ReactNode, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { type ActionFailure, type ActionResult, UNREACHED } from "@/lib/action-result";

type ChangeDialogProps = {
  title: string;
  description?: ReactNode;
  submitLabel: string;
  isDangerous?: boolean;
  change: () => Promise<ActionResult<unknown>>;
  onDone: () => void;
  onClose: () => void;
  children?: (fieldErrors: Record<string, string>) => ReactNode;
};

/** A dialog around one change: shows what went wrong and keeps what was typed. */
export function ChangeDialog(props: ChangeDialogProps) {
  const { title, description, submitLabel, isDangerous, change, onDone, onClose, children } = props;
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [isBusy, startTransition] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    startTransition(async () => {
      const result = await change().catch(() => UNREACHED);
      if (result.ok) onDone();
      else setProblem(result.error);
    });
  }

  const fields = problem?.fields ?? {};
  const isGeneral = problem && Object.keys(fields).length === 0;
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
            {children?.(fields)}
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
