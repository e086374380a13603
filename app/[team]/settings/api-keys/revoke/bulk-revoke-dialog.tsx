"use client";

import { type FormEvent, useEffect, useState, useTransition } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import { unanswered } from "@/components/unanswered";
import type { ActionFailure } from "@/lib/action-result";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { TYPE_NUMBER_ABOVE } from "@/lib/api-keys/list/list-choices";
import type { KeyAtStake } from "@/lib/api-keys/revoke/preview-revocation";
import type { BatchResult } from "@/lib/api-keys/revoke/revoke-many";
import { relativeTime } from "@/lib/text/relative-time";
import { visibleText } from "@/lib/text/visible-text";
import { keyCount } from "../list/key-count";
import { previewRevocationAction, revokeManyAction } from "./actions";

type BulkRevokeDialogProps = {
  team: string;
  apiKeys: ApiKeyDto[];
  now: string;
  opener: HTMLElement;
  onClose: () => void;
  onDone: (confirmation: string) => void;
};

/** Shows the use of the selected keys, asks for their number if there are many, and revokes them together. */
export function BulkRevokeDialog({ team, apiKeys, now, opener, onClose, onDone }: BulkRevokeDialogProps) {
  const [ids] = useState(() => apiKeys.map(({ id }) => id));
  const [atStake, setAtStake] = useState<KeyAtStake[] | null>(null);
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [typed, setTyped] = useState("");
  const [isMistyped, setMistyped] = useState(false);
  const [isBusy, startTransition] = useTransition();
  const count = ids.length;
  const mustType = count > TYPE_NUMBER_ABOVE;

  useEffect(() => {
    let isWanted = true;
    previewRevocationAction(team, { ids })
      .catch(unanswered)
      .then((result) => {
        if (!isWanted) return;
        if (result.ok) setAtStake(result.data);
        else setProblem(result.error);
      });
    return () => {
      isWanted = false;
    };
  }, [team, ids]);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy || !atStake) return;
    if (mustType && typed.trim() !== String(count)) return setMistyped(true);
    startTransition(async () => {
      const result = await revokeManyAction(team, { ids }).catch(unanswered);
      if (result.ok) onDone(confirmationOf(result.data));
      else setProblem(result.error);
    });
  }

  return (
    <Dialog
      title={`Revoke ${keyCount(count)}?`}
      description={`Requests with ${count === 1 ? "this key" : "these keys"} will fail immediately with 401. This can't be undone. The ${count === 1 ? "key stays" : "keys stay"} in your list as Revoked.`}
      isWide
      opener={opener}
      onClose={onClose}
    >
      <form onSubmit={submit} className="contents" noValidate>
        <DialogBody>
          {problem && (
            <Notice tone="danger" role="alert">
              {problem.message}
            </Notice>
          )}
          {atStake ? (
            <AtStake keys={atStake} now={now} />
          ) : (
            !problem && <Skeleton label="Checking recent usage…" rows={count} />
          )}
          {mustType && (
            <TextField
              label={`Enter ${count} to confirm`}
              error={isMistyped ? `Enter ${count}.` : undefined}
              inputMode="numeric"
              autoComplete="off"
              className="max-w-40"
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                setMistyped(false);
              }}
            />
          )}
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="danger" isBusy={isBusy || !atStake}>
            Revoke {keyCount(count)}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

function AtStake({ keys, now }: { keys: KeyAtStake[]; now: string }) {
  const inUse = keys.filter(({ callsToday }) => callsToday > 0).length;
  return (
    <div className="grid gap-3">
      {inUse > 0 && <Notice tone="warning">{usedToday(inUse, keys.length)}</Notice>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard. */}
      <section aria-label="Keys" tabIndex={0} className="max-h-72 overflow-y-auto rounded-lg border border-line">
        <ul>
          {keys.map(({ id, label, prefix, status, lastUsedAt, callsToday }) => (
            <li
              key={id}
              className="grid gap-x-4 border-line border-b px-3 py-2 last:border-b-0 sm:grid-cols-[1fr_auto]"
            >
              <span className="grid min-w-0">
                <span className="wrap-anywhere font-medium">{visibleText(label)}</span>
                {label !== prefix && <code className="font-mono text-ink-soft text-xs">{prefix}</code>}
              </span>
              <span className="text-ink-soft sm:text-right">
                <span className="block">
                  {lastUsedAt ? `Used ${relativeTime(new Date(lastUsedAt), new Date(now))}` : "Never used"}
                </span>
                {status === "active" ? (
                  <span className="text-xs">
                    {callsToday === 1 ? "1 request" : `${callsToday.toLocaleString("en")} requests`} today
                  </span>
                ) : (
                  <Badge>Already {status}</Badge>
                )}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function usedToday(count: number, of: number): string {
  if (of === 1) return "It was used today.";
  if (count === of) return `All ${of} were used today.`;
  return `${count} of ${of} ${count === 1 ? "was" : "were"} used today.`;
}

/** "Revoked 11 keys. 1 key was already revoked or expired." */
function confirmationOf({ revoked, skipped }: BatchResult): string {
  const done = `Revoked ${keyCount(revoked.length)}`;
  if (skipped.length === 0) return done;
  return `${done}. ${keyCount(skipped.length)} ${skipped.length === 1 ? "was" : "were"} already revoked or expired.`;
}
