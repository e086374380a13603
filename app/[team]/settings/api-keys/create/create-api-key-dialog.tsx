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
import { createApiKeyAction } from "../actions";
import { ExpiryField } from "../fields/expiry-field";
import { NameField } from "../fields/name-field";
import { ResponsibleField } from "../fields/responsible-field";
import { KIND_TEXTS } from "../kind-texts";
import { draftOf, inputOf, type KeyDraft } from "./draft";
import { MintingProvider, useMintingOptions } from "./minting-context";
import { NarrowSection } from "./narrow-section";
import { ScopePicker } from "./scope-picker";
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

function LimitNotice({ options: { countedKeys, policy } }: { options: MintingOptions }) {
  if (countedKeys < policy.maxActiveKeys) return null;
  return (
    <Notice tone="warning">
      You have {countedKeys} active {countedKeys === 1 ? "key" : "keys"},{" "}
      {countedKeys === policy.maxActiveKeys
        ? "the most a member may have"
        : `and ${policy.maxActiveKeys} is the most a member may have`}
      . Revoke {countedKeys - policy.maxActiveKeys < 1 ? "one" : `${countedKeys - policy.maxActiveKeys + 1}`} you no
      longer use first.
    </Notice>
  );
}

type DraftFieldsProps = {
  team: string;
  draft: KeyDraft;
  onChange: (draft: KeyDraft) => void;
  errors: Record<string, string>;
  /** About the prefilled expiry. */
  remark: string | undefined;
};

function DraftFields({ team, draft, onChange, errors, remark }: DraftFieldsProps) {
  const { kind, policy, resourceTypes, scopeGroups } = useMintingOptions();
  const set = (change: Partial<KeyDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      <NameField name={draft.name} onChange={(name) => set({ name })} error={errors.name} />
      <ScopePicker
        groups={scopeGroups}
        noScopes={KIND_TEXTS[kind].noScopes}
        selected={draft.scopes}
        onChange={(scopes) => set({ scopes })}
        error={errors.scopes}
      />
      <ExpiryField
        value={draft.expiry}
        onChange={(expiry) => set({ expiry })}
        policy={policy}
        remark={remark}
        error={errors.expiry}
      />
      {kind === "team" && (
        <ResponsibleField
          team={team}
          value={draft.responsible}
          onChange={(responsible) => set({ responsible })}
          error={errors.responsibleMemberId}
        />
      )}
      <NarrowSection
        value={draft.narrow}
        onChange={(narrow) => set({ narrow })}
        types={resourceTypes}
        requiresIps={policy.requiresIps}
        errors={errors}
      />
    </>
  );
}
