"use client";

import { useEffect, useState } from "react";
import { ChangeList } from "@/components/change-list";
import { unanswered } from "@/components/unanswered";
import type { ActionResult } from "@/lib/action-result";
import type { RoleChangePreview } from "@/lib/roles/describe-change";
import { previewRoleChangeAction } from "../actions";

const PAUSE_MS = 200;

type WhatChangesProps = { team: string; roleId: string; base: string[]; permissions: string[] };

/** The effect of saving, updated with the checkboxes. Outdated results are never shown. */
export function WhatChanges({ team, roleId, base, permissions }: WhatChangesProps) {
  const [answer, setAnswer] = useState<{ about: string; result: ActionResult<RoleChangePreview> } | null>(null);
  const [from, to] = [base.toSorted().join(" "), permissions.toSorted().join(" ")];
  const isChanged = from !== to;
  const about = `${from} → ${to}`;

  useEffect(() => {
    if (!isChanged) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const wanted = to === "" ? [] : to.split(" ");
      const result = await previewRoleChangeAction(team, { roleId, permissions: wanted }).catch(unanswered);
      if (isCurrent) setAnswer({ about, result });
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [team, roleId, to, about, isChanged]);

  return (
    <div aria-live="polite" className="grid gap-1.5">
      <h2 className="font-semibold text-base">Impact</h2>
      {!isChanged && <p className="text-ink-soft">No changes yet.</p>}
      {isChanged && answer?.about !== about && <p className="text-ink-soft">Counting members and keys…</p>}
      {isChanged && answer?.about === about && <Answer result={answer.result} />}
    </div>
  );
}

function Answer({ result }: { result: ActionResult<RoleChangePreview> }) {
  return result.ok ? <ChangeList preview={result.data} /> : <p className="text-danger">{result.error.message}</p>;
}
