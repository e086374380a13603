"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { unanswered } from "@/components/unanswered";
import { mailConfirmationAction } from "./actions";

/** Explains an unconfirmed address and how to confirm it. */
export function UnconfirmedAddress({ email, byMail }: { email: string; byMail: boolean }) {
  const [outcome, setOutcome] = useState<{ isSent: boolean; message: string } | null>(null);
  const [isBusy, startTransition] = useTransition();

  function send() {
    startTransition(async () => {
      const result = await mailConfirmationAction().catch(unanswered);
      setOutcome(
        result.ok
          ? { isSent: true, message: `We emailed a link to ${result.data.email}. It expires in 24 hours.` }
          : { isSent: false, message: result.error.message },
      );
    });
  }

  return (
    <Notice tone="warning">
      <p>
        <strong className="font-semibold">Unconfirmed:</strong> {email} hasn’t been verified, so your API doesn’t
        receive it. {!byMail && "Ask a team admin to confirm it on the Members screen."}
      </p>
      {byMail && (
        <div className="mt-2">
          <Button onClick={send} isBusy={isBusy}>
            Email me a confirmation link
          </Button>
        </div>
      )}
      {outcome && (
        <p role={outcome.isSent ? "status" : "alert"} className="mt-2 font-medium">
          {outcome.message}
        </p>
      )}
    </Notice>
  );
}
