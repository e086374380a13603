"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useMemo, useState, useTransition } from "react";
import { LeaveGuard } from "@/components/leave-guard";
import { LiveFields } from "@/components/live-fields";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { unanswered } from "@/components/unanswered";
import type { ActionFailure } from "@/lib/action-result";
import { sameSet } from "@/lib/permissions/same-set";
import type { RoleChangePreview } from "@/lib/roles/describe-change";
import type { PermissionGroups } from "@/lib/roles/permission-groups";
import type { RoleDto } from "@/lib/roles/queries";
import { changeRoleAction, previewRoleChangeAction } from "../actions";
import { ChangedMeanwhile } from "./changed-meanwhile";
import { ConfirmChange } from "./confirm-change";
import { PermissionBoxes } from "./permission-boxes";
import { WhatChanges } from "./what-changes";

type FormProps = { team: string; role: RoleDto; groups: PermissionGroups; own: string[] };

/**
 * A role's permissions. `base`: those with which the form was loaded. If the role has changed since, the checkboxes
 * stay, and the user must compare both before saving.
 */
export function RoleForm({ team, role, groups, own }: FormProps) {
  const [base, setBase] = useState(role.permissions);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(() => new Set(role.permissions));
  const [question, setQuestion] = useState<RoleChangePreview | null>(null);
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  // Between saving and the refresh, the page's old data isn't another user's change.
  const [roleBeforeSave, setRoleBeforeSave] = useState<RoleDto | null>(null);
  const [isBusy, startTransition] = useTransition();
  const showToast = useToast();
  const router = useRouter();
  const held = useMemo(() => new Set(own), [own]);

  const isFixed = role.obstacle !== null;
  const isChanged = !sameSet(ticked, base);
  const isOutdated = role !== roleBeforeSave && !sameSet(role.permissions, base);
  const permissions = [...ticked];

  function toggle(names: string[], isOn: boolean) {
    setProblem(null);
    setTicked((before) => new Set(isOn ? [...before, ...names] : [...before].filter((name) => !names.includes(name))));
  }

  /** Asks for confirmation if members lose permissions, counted now rather than on click. */
  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy || !isChanged) return;
    startTransition(async () => {
      const result = await previewRoleChangeAction(team, { roleId: role.id, permissions }).catch(unanswered);
      if (!result.ok) return fail(result.error);
      if (result.data.lost.length > 0 && result.data.members > 0) setQuestion(result.data);
      else await save();
    });
  }

  async function save() {
    const input = { roleId: role.id, permissions, before: base };
    const result = await changeRoleAction(team, input).catch(unanswered);
    setQuestion(null);
    if (!result.ok) return fail(result.error);
    setProblem(null);
    setBase(permissions);
    setRoleBeforeSave(role);
    showToast("Role saved");
    router.refresh();
  }

  function fail(error: ActionFailure["error"]) {
    setProblem(error);
    if (error.code === "conflict") router.refresh();
  }

  const boxes = { ticked, own: held, isFixed, onToggle: toggle };
  return (
    <form onSubmit={submit} className="grid gap-5" noValidate>
      <LiveFields>
        <PermissionBoxes
          title="In this console"
          remark="What members with this role can view and change here."
          groups={groups.console}
          {...boxes}
        />
        <PermissionBoxes
          title="In the API"
          remark="The scopes members can grant their keys. A key never does more than its owner's role allows."
          groups={groups.api}
          {...boxes}
        />
      </LiveFields>
      {!isFixed && (
        <section
          aria-label="Save"
          className="grid gap-4 rounded-xl border border-line bg-surface p-4 shadow-raised md:shadow-overlay md:sticky md:bottom-4 md:max-h-[40dvh] md:overflow-y-auto md:p-5"
        >
          {problem && !isOutdated && (
            <Notice tone="danger" role="alert">
              {problem.message}
            </Notice>
          )}
          {isOutdated && (
            <ChangedMeanwhile
              base={base}
              current={role.permissions}
              onKeepMine={() => accept(role.permissions)}
              onTakeTheirs={() => {
                accept(role.permissions);
                setTicked(new Set(role.permissions));
              }}
            />
          )}
          <WhatChanges team={team} roleId={role.id} base={base} permissions={permissions} />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" variant="primary" isBusy={isBusy} disabled={!isChanged || isOutdated}>
              Save changes
            </Button>
            {isChanged && <Button onClick={() => setTicked(new Set(base))}>Discard</Button>}
          </div>
        </section>
      )}
      <LeaveGuard isActive={isChanged} loses="You have unsaved changes to this role." />
      {question && (
        <ConfirmChange
          preview={question}
          isOwn={role.isOwn}
          isBusy={isBusy}
          onConfirm={() => startTransition(save)}
          onClose={() => setQuestion(null)}
        />
      )}
    </form>
  );

  function accept(permissions: string[]) {
    setProblem(null);
    setBase(permissions);
  }
}
