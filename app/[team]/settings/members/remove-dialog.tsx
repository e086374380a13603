"use client";

import { type FormEvent, useCallback, useEffect, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { unanswered } from "@/components/unanswered";
import type { ActionFailure, ActionResult } from "@/lib/action-result";
import type { KeyFate } from "@/lib/members/key-fates";
import type { LeavingKeys } from "@/lib/members/queries";
import type { RemovedMember } from "@/lib/members/remove-member";
import { visibleText } from "@/lib/text/visible-text";
import { listLeavingKeysAction, removeMemberAction } from "./actions";
import type { MemberDialogProps } from "./change-role-dialog";
import { LeavingKey } from "./leaving-key";
import { NewTokensDialog } from "./new-tokens-dialog";

/** Before a member is removed: their keys, and what happens to each. New tokens are shown afterwards, once. */
export function RemoveDialog({ team, member, now, onClose, onDone }: MemberDialogProps & { now: string }) {
  const [leaving, setLeaving] = useState<ActionResult<LeavingKeys> | null>(null);
  const [fates, setFates] = useState<Record<string, KeyFate>>({});
  const [isAccepted, setAccepted] = useState(false);
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [removed, setRemoved] = useState<RemovedMember | null>(null);
  const [isBusy, startTransition] = useTransition();
  const name = visibleText(member.name);

  const read = useCallback(() => listLeavingKeysAction(team, { id: member.id }).catch(unanswered), [team, member.id]);
  useEffect(() => {
    let isGone = false;
    read().then((found) => !isGone && setLeaving(found));
    return () => {
      isGone = true;
    };
  }, [read]);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    startTransition(async () => {
      const chosen = Object.entries(fates).map(([id, fate]) => ({ id, fate }));
      const listed = keys.map(({ id }) => id);
      const input = { id: member.id, listed, keys: chosen, acceptsKnownTokens: isAccepted };
      const result = await removeMemberAction(team, input).catch(unanswered);
      if (!result.ok) {
        setProblem(result.error);
        if (result.error.code === "conflict") await lookAgain();
        return;
      }
      if (result.data.tokens.length > 0) setRemoved(result.data);
      else onDone(confirmationOf(result.data));
    });
  }

  /** Reloads the keys; choices for existing keys are preserved. */
  async function lookAgain() {
    const found = await read();
    setLeaving(found);
    if (!found.ok) return;
    const ids = new Set(found.data.keys.map(({ id }) => id));
    setFates((before) => Object.fromEntries(Object.entries(before).filter(([id]) => ids.has(id))));
  }

  const { keys, mayHandOver } = leaving?.ok ? leaving.data : { keys: [], mayHandOver: false };
  if (removed) return <NewTokensDialog removed={removed} onClose={() => onDone(confirmationOf(removed))} />;
  const keepsToken = Object.values(fates).includes("same_token");
  return (
    <Dialog
      title={`Remove ${name} from the team?`}
      description="They lose access immediately. You can invite them again, but revoked keys can't be restored."
      onClose={onClose}
      isWide
    >
      <form onSubmit={submit} className="contents" noValidate>
        <DialogBody>
          {problem && !problem.fields.acceptsKnownTokens && (
            <Notice tone="danger" role="alert">
              {problem.message}
            </Notice>
          )}
          <div aria-live="polite" className="grid gap-3">
            {leaving === null && <Skeleton label="Loading their keys…" rows={2} />}
            {leaving?.ok === false && <Notice tone="danger">{leaving.error.message}</Notice>}
            {leaving?.ok && <p>{whatStops(name, keys.length, mayHandOver)}</p>}
          </div>
          {keys.length > 0 && (
            <ul className="grid gap-3">
              {keys.map((key) => (
                <LeavingKey
                  key={key.id}
                  apiKey={key}
                  now={now}
                  fate={fates[key.id] ?? "revoke"}
                  onChoose={mayHandOver ? (fate) => setFates({ ...fates, [key.id]: fate }) : null}
                />
              ))}
            </ul>
          )}
          {keepsToken && (
            <div className="grid gap-1.5">
              <label className="check-row cursor-pointer">
                <input
                  type="checkbox"
                  className="mt-1 size-4 shrink-0"
                  checked={isAccepted}
                  aria-describedby="accept-error"
                  onChange={(event) => setAccepted(event.target.checked)}
                />
                I understand that {name} still knows these tokens and could use them.
              </label>
              <FieldError id="accept-error" message={isAccepted ? undefined : problem?.fields.acceptsKnownTokens} />
            </div>
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="danger" isBusy={isBusy} disabled={!leaving?.ok}>
            {isBusy ? "Removing…" : "Remove member"}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

function whatStops(name: string, count: number, mayHandOver: boolean): string {
  if (count === 0) return `${name} has no active personal keys.`;
  const stops = `${name}'s ${count === 1 ? "personal key" : `${count} personal keys`} will stop working.`;
  if (!mayHandOver) return `${stops} To convert keys to team keys, your role needs “Manage team keys”.`;
  if (count === 1) return `${stops} Convert it to a team key if it must keep running.`;
  return `${stops} Convert any that must keep running to team keys.`;
}

/** "Removed Dana: 1 key revoked, 2 keys converted". */
function confirmationOf({ name, revoked, handedOver }: RemovedMember): string {
  const keys = (count: number) => (count === 1 ? "1 key" : `${count} keys`);
  const parts = [revoked > 0 && `${keys(revoked)} revoked`, handedOver > 0 && `${keys(handedOver)} converted`].filter(
    Boolean,
  );
  return [`Removed ${visibleText(name)}`, parts.join(", ")].filter(Boolean).join(": ");
}
