"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { unanswered } from "@/components/unanswered";
import type { ActionFailure } from "@/lib/action-result";
import type { CreatedApiKey } from "@/lib/api-keys/create/create-api-key";
import type { MintingOptions } from "@/lib/api-keys/create/minting-options";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { KeyKind } from "@/lib/api-keys/kinds";
import { narrowInput } from "../change/narrow-fields";
import { expiryInput } from "../fields/expiry-field";
import { KIND_TEXTS } from "../kind-texts";
import { createApiKeyAction } from "./actions";
import { DraftFields, draftOf, type KeyDraft, LimitNotice } from "./draft-fields";
import { MintingProvider } from "./minting-context";
import { TokenDialog } from "./token-dialog";

type CreateDialogProps = {
  team: string;
  options: MintingOptions;
  apiUrl: string;
  /** The key to duplicate, which prefills the form. */
  copyOf?: ApiKeyDto;
  opener: HTMLElement;
  onClose: () => void;
};

const FIELDS = ["name", "scopes", "expiry", "resource", "allowedIps", "responsibleMemberId"];

/** Asks for name, scopes and expiry, then shows the token once. The token exists only in this state. */
export function CreateApiKeyDialog({ team, options, apiUrl, copyOf, opener, onClose }: CreateDialogProps) {
  const { kind } = options;
  const [{ remark, ...filledIn }] = useState(() => draftOf(options, copyOf));
  const [draft, setDraft] = useState<KeyDraft>(filledIn);
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [created, setCreated] = useState<CreatedApiKey | null>(null);
  const [isBusy, startTransition] = useTransition();
  const router = useRouter();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    startTransition(async () => {
      const result = await createApiKeyAction(team, inputOf(kind, draft)).catch(unanswered);
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

  const errors = problem?.fields ?? {};
  const texts = KIND_TEXTS[kind];
  return (
    <Dialog title={texts.create} description={texts.createDescription} opener={opener} onClose={onClose} isWide>
      <form onSubmit={submit} className="contents" noValidate>
        <DialogBody>
          {kind === "personal" && <LimitNotice options={options} />}
          {problem && !Object.keys(errors).some((name) => FIELDS.includes(name)) && (
            <Notice tone="danger" role="alert">
              {problem.message}
            </Notice>
          )}
          <MintingProvider options={options}>
            <DraftFields team={team} draft={draft} onChange={setDraft} errors={errors} remark={remark} />
          </MintingProvider>
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

/** The input for the server. */
function inputOf(kind: KeyKind, { name, scopes, expiry, narrow, responsible }: KeyDraft) {
  const shared = { kind, name, scopes, expiry: expiryInput(expiry), ...narrowInput(narrow) };
  return kind === "team" ? { ...shared, responsibleMemberId: responsible?.id } : shared;
}
