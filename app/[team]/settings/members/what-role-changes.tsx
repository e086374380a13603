"use client";

import { useEffect, useState } from "react";
import { ChangeList } from "@/components/change-list";
import { unanswered } from "@/components/unanswered";
import type { ActionResult } from "@/lib/action-result";
import type { MemberDto } from "@/lib/members/dto";
import type { MemberRolePreview } from "@/lib/members/preview-member-role";
import { counted } from "@/lib/roles/counted";
import { visibleText } from "@/lib/text/visible-text";
import { previewMemberRoleAction } from "./actions";

type WhatRoleChangesProps = { team: string; member: MemberDto; roleId: string };

/** What a member and their keys would lose and gain with another role. */
export function WhatRoleChanges({ team, member, roleId }: WhatRoleChangesProps) {
  const [answer, setAnswer] = useState<ActionResult<MemberRolePreview> | null>(null);
  useEffect(() => {
    let isGone = false;
    previewMemberRoleAction(team, { id: member.id, roleId })
      .catch(unanswered)
      .then((found) => !isGone && setAnswer(found));
    return () => {
      isGone = true;
    };
  }, [team, member.id, roleId]);

  return (
    <div aria-live="polite" className="grid gap-1.5">
      <h3 className="font-medium">Impact</h3>
      {answer === null && <p className="text-ink-soft">Counting keys…</p>}
      {answer?.ok === false && <p className="text-danger">{answer.error.message}</p>}
      {answer?.ok && (
        <>
          <p className={answer.data.keysLosing > 0 ? "font-medium text-danger" : "text-ink-soft"}>
            {lossOfKeys(answer.data)}
          </p>
          <ChangeList preview={answer.data} who={visibleText(member.name)} />
        </>
      )}
    </div>
  );
}

/** "7 keys lose 3 scopes." */
function lossOfKeys({ lost, keysLosing }: MemberRolePreview): string {
  if (keysLosing === 0) return "None of their keys loses a scope.";
  const scopes = lost.filter(({ keys }) => keys !== null && keys > 0).length;
  return `${counted(keysLosing, "key")} ${keysLosing === 1 ? "loses" : "lose"} ${counted(scopes, "scope")}.`;
}
