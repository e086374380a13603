"use client";

import { useEffect, useState, useTransition } from "react";
import { flushSync } from "react-dom";
import { CopyField } from "@/components/copy-field";
import { ExactTime } from "@/components/time";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { unanswered } from "@/components/unanswered";
import { makeSessionTokenAction } from "./actions";

type Made = { token: string; expiresAt: string };

/** Creates a token and shows it once; it exists only in this state. */
export function SessionToken({ apiUrl, teams }: { apiUrl: string; teams: string[] }) {
  const [made, setMade] = useState<Made | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, startTransition] = useTransition();

  useEffect(() => {
    // Otherwise, the browser's page cache would restore the page with the token.
    const forget = () => flushSync(() => setMade(null));
    window.addEventListener("pagehide", forget);
    return () => window.removeEventListener("pagehide", forget);
  }, []);

  const make = () =>
    startTransition(async () => {
      const result = await makeSessionTokenAction().catch(unanswered);
      setProblem(result.ok ? null : result.error.message);
      if (result.ok) setMade(result.data);
    });

  return (
    <div className="grid justify-items-start gap-3">
      {problem && (
        <Notice tone="danger" role="alert">
          {problem}
        </Notice>
      )}
      <Button isBusy={isBusy} onClick={make}>
        Create session token
      </Button>
      {made && (
        <Dialog
          title="Your session token"
          description="Copy your token. You won't see it again."
          onClose={() => setMade(null)}
          isWide
        >
          <DialogBody>
            <CopyField label="Session token" copyLabel="Copy token" text={made.token} onCopied={() => {}} />
            <CopyField
              label="List your API keys with it"
              copyLabel="Copy command"
              text={exampleCall(apiUrl, made.token, teams)}
              onCopied={() => {}}
              isMultiline
            />
            <p className="text-ink-soft text-xs">
              Expires at <ExactTime iso={made.expiresAt} /> or when you sign out. Anyone with it can create and revoke
              API keys in your name.
            </p>
          </DialogBody>
          <DialogFooter>
            <Button variant="primary" onClick={() => setMade(null)}>
              Done
            </Button>
          </DialogFooter>
        </Dialog>
      )}
    </div>
  );
}

/** A user with several teams has to name one. */
function exampleCall(apiUrl: string, token: string, teams: string[]): string {
  const team = teams.length > 1 ? ` -H "X-Team: ${teams[0]}"` : "";
  return `curl -H "Authorization: Bearer ${token}"${team} ${apiUrl}/api-keys`;
}
