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
          ? { isSent: true, message: `A link was mailed to ${result.data.email}. It works once, within a day.` }
          : { isSent: false, message: result.error.message },
      );
    });
  }

  return (
    <Notice tone="warning">
      <p>
        <strong className="font-semibold">Unconfirmed:</strong> nobody has checked that {email} is yours, so the API
        behind your keys isn’t told it.{" "}
        {!byMail && "Ask somebody who manages your team’s members to confirm it on the Members screen."}
      </p>
      {byMail && (
        <div className="mt-2">
          <Button onClick={send} isBusy={isBusy}>
            Mail me a link to confirm it
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
