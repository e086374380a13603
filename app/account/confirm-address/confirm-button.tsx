"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { unanswered } from "@/components/unanswered";
import { confirmByMailAction } from "../actions";

export function ConfirmButton({ code, email }: { code: string; email: string }) {
  const [isDone, setIsDone] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, startTransition] = useTransition();

  function confirm() {
    startTransition(async () => {
      const result = await confirmByMailAction({ code }).catch(unanswered);
      setIsDone(result.ok);
      setProblem(result.ok ? null : result.error.message);
    });
  }

  if (isDone) return <p role="status">{email} is confirmed.</p>;
  return (
    <div className="grid justify-items-start gap-4">
      {problem && (
        <Notice tone="danger" role="alert">
          {problem}
        </Notice>
      )}
      <Button variant="primary" onClick={confirm} isBusy={isBusy}>
        Confirm {email}
      </Button>
    </div>
  );
}
