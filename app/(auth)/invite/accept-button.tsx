"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { unanswered } from "@/components/unanswered";
import { acceptInvitationAction } from "./actions";

/** For users who are signed in with the right address. */
export function AcceptButton({ code, email }: { code: string; email: string }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, startTransition] = useTransition();

  const accept = () =>
    startTransition(async () => {
      const result = await acceptInvitationAction(code).catch(unanswered);
      // A full load, so that the link's page leaves the browser's history.
      if (result.ok) window.location.replace(`/${result.data.team.slug}`);
      else setProblem(result.error.message);
    });

  return (
    <div className="grid gap-4">
      {problem && (
        <Notice tone="danger" role="alert">
          {problem}
        </Notice>
      )}
      <p>You are signed in as {email}.</p>
      <Button variant="primary" isBusy={isBusy} onClick={accept}>
        {isBusy ? "Joining…" : "Join the team"}
      </Button>
    </div>
  );
}
