"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { type ActionFailure, UNREACHED } from "@/lib/action-result";
import { RECOMMENDED_EXPIRY } from "@/lib/api-keys/expiry";
import { MAX_ACTIVE_KEYS } from "@/lib/api-keys/limits";
import { createApiKeyAction } from "./actions";
import { ExpiryField, type ExpiryValue, expiryInput } from "./expiry-field";
import { NameField } from "./name-field";
import { type ScopeGroup, ScopePicker } from "./scope-picker";
import { TokenDialog } from "./token-dialog";

type Created = { id: string; name: string | null; token: string };

type CreateDialogProps = {
  team: string;
  scopeGroups: ScopeGroup[];
  apiUrl: string;
  isAtLimit: boolean;
  opener: HTMLElement;
  onClose: () => void;
};

/** Asks for name, scopes and expiry, then shows the token once. The token lives in this state and nowhere else. */
export function CreateApiKeyDialog(props: CreateDialogProps) {
  const { team, scopeGroups, apiUrl, isAtLimit, opener, onClose } = props;
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [expiry, setExpiry] = useState<ExpiryValue>({ choice: RECOMMENDED_EXPIRY, day: "" });
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [created, setCreated] = useState<Created | null>(null);
  const [isBusy, startTransition] = useTransition();
  const router = useRouter();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    startTransition(async () => {
      const input = { name, scopes, expiry: expiryInput(expiry) };
      const result = await createApiKeyAction(team, input).catch(() => UNREACHED);
      if (!result.ok) return setProblem(result.error);
      setCreated({ id: result.data.key.id, name: result.data.key.name, token: result.data.token });
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
  return (
    <Dialog
      title="Create API key"
      description="It acts as you, with the scopes you pick."
      opener={opener}
      onClose={onClose}
      isWide
    >
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
          <ScopePicker groups={scopeGroups} selected={scopes} onChange={setScopes} error={fields.scopes} />
          <ExpiryField value={expiry} onChange={setExpiry} error={fields.expiry} />
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isBusy={isBusy}>
            {isBusy ? "Creating…" : "Create API key"}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
