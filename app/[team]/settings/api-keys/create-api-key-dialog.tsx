"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { type ActionFailure, UNREACHED } from "@/lib/action-result";
import type { CreatedApiKey } from "@/lib/api-keys/create-api-key";
import { RECOMMENDED_EXPIRY } from "@/lib/api-keys/expiry";
import type { KeyKind } from "@/lib/api-keys/kinds";
import { MAX_ACTIVE_KEYS } from "@/lib/api-keys/limits";
import type { ScopeGroup } from "@/lib/api-keys/scope-presets";
import { createApiKeyAction } from "./actions";
import { ExpiryField, type ExpiryValue, expiryInput } from "./expiry-field";
import { KIND_TEXTS } from "./kind-texts";
import { NameField } from "./name-field";
import { ScopePicker } from "./scope-picker";
import { TokenDialog } from "./token-dialog";

type CreateDialogProps = {
  team: string;
  kind: KeyKind;
  scopeGroups: ScopeGroup[];
  apiUrl: string;
  isAtLimit: boolean;
  opener: HTMLElement;
  onClose: () => void;
};

/** Asks for name, scopes and expiry, then shows the token once. The token lives in this state and nowhere else. */
export function CreateApiKeyDialog(props: CreateDialogProps) {
  const { team, kind, scopeGroups, apiUrl, isAtLimit, opener, onClose } = props;
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [expiry, setExpiry] = useState<ExpiryValue>({ choice: RECOMMENDED_EXPIRY, day: "" });
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [created, setCreated] = useState<CreatedApiKey | null>(null);
  const [isBusy, startTransition] = useTransition();
  const router = useRouter();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    startTransition(async () => {
      const input = { kind, name, scopes, expiry: expiryInput(expiry) };
      const result = await createApiKeyAction(team, input).catch(() => UNREACHED);
      if (!result.ok) return setProblem(result.error);
      setCreated(result.data);
      router.refresh();
    });
  }

  function closeToken() {
    onClose();
    // The list was read before the key's first use.
    router.refresh();
  }
  if (created) {
    return <TokenDialog team={team} apiUrl={apiUrl} created={created} opener={opener} onClose={closeToken} />;
  }

  const fields = problem?.fields ?? {};
  const texts = KIND_TEXTS[kind];
  return (
    <Dialog title={texts.create} description={texts.createDescription} opener={opener} onClose={onClose} isWide>
      <form onSubmit={submit} className="contents" noValidate>
        <DialogBody>
          {isAtLimit && (
            <Notice tone="warning">
              You have {MAX_ACTIVE_KEYS} active keys, the most a member may have. Revoke one you no longer use first.
            </Notice>
          )}
          {problem && Object.keys(fields).length === 0 && (
            <Notice tone="danger" role="alert">
              {problem.message}
            </Notice>
          )}
          <NameField name={name} onChange={setName} error={fields.name} />
          <ScopePicker
            groups={scopeGroups}
            noScopes={texts.noScopes}
            selected={scopes}
            onChange={setScopes}
            error={fields.scopes}
          />
          <ExpiryField value={expiry} onChange={setExpiry} error={fields.expiry} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isBusy={isBusy}>
            {isBusy ? "Creating…" : texts.create}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
