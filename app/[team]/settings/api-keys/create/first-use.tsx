"use client";

import { CircleCheck, LoaderCircle } from "lucide-react";
import { useEffect, useState } from "react";
import { readLastUseAction } from "./actions";

const POLL_MS = 1_500;
const MAX_POLLS = 400;

/** Changes to "First request received" on the key's first use. */
export function FirstUse({ team, keyId }: { team: string; keyId: string }) {
  const [isUsed, setUsed] = useState(false);

  useEffect(() => {
    if (isUsed) return;
    let polls = 0;
    let timer = setTimeout(poll, POLL_MS);
    async function poll() {
      polls += 1;
      const result = document.hidden ? null : await readLastUseAction(team, { id: keyId }).catch(() => null);
      if (result?.ok && result.data) setUsed(true);
      else if (polls < MAX_POLLS) timer = setTimeout(poll, POLL_MS);
    }
    return () => clearTimeout(timer);
  }, [team, keyId, isUsed]);

  return (
    <p role="status" className="flex items-center gap-2">
      {isUsed ? (
        <>
          <CircleCheck size={16} aria-hidden className="text-accent" /> First request received
        </>
      ) : (
        <>
          <LoaderCircle size={16} aria-hidden className="text-ink-soft motion-safe:animate-spin" />
          <span className="text-ink-soft">Waiting for the first request…</span>
        </>
      )}
    </p>
  );
}
