"use client";

import dynamic from "next/dynamic";
import type { MintingOptions } from "@/lib/api-keys/create/minting-options";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { KeyAction } from "@/lib/api-keys/key-actions";
import { ChangeExpiryDialog } from "./change/change-expiry-dialog";
import { EditNameDialog } from "./change/edit-name-dialog";
import { CreateApiKeyDialog } from "./create/create-api-key-dialog";
import { MintingProvider } from "./create/minting-context";
import { RevokeDialog } from "./revoke/revoke-dialog";

// Rarely used, so loaded on first use.
const NarrowDialog = dynamic(() => import("./change/narrow-dialog").then((module) => module.NarrowDialog));
const OverlapDialog = dynamic(() => import("./rotate/overlap-dialog").then((module) => module.OverlapDialog));
const RenewDialog = dynamic(() => import("./rotate/rotate-dialog").then((module) => module.RenewDialog));
const ResponsibleDialog = dynamic(() =>
  import("./change/responsible-dialog").then((module) => module.ResponsibleDialog),
);
const RotateDialog = dynamic(() => import("./rotate/rotate-dialog").then((module) => module.RotateDialog));

/** The action chosen from a key's menu, and the menu's button. `scopes`: those that a successor keeps. */
export type OpenKeyDialog = { action: KeyAction; apiKey: ApiKeyDto; button: HTMLElement; scopes?: string[] };

type KeyDialogsProps = {
  team: string;
  open: OpenKeyDialog | null;
  /** For keys of this key's kind. */
  options: MintingOptions;
  apiUrl: string;
  now: string;
  onClose: () => void;
  /** After a change, with its confirmation message. */
  onDone: (confirmation: string) => void;
};

/** The dialog for the chosen action. */
export function KeyDialogs({ open, options, ...props }: KeyDialogsProps) {
  if (!open) return null;
  return (
    <MintingProvider options={options}>
      <KeyDialog open={open} options={options} {...props} />
    </MintingProvider>
  );
}

function KeyDialog({ team, open, options, apiUrl, now, onClose, onDone }: KeyDialogsProps & { open: OpenKeyDialog }) {
  const { action, apiKey, button } = open;
  const dialogProps = { team, apiKey, now, onClose, onDone };
  switch (action) {
    case "rename":
      return <EditNameDialog {...dialogProps} />;
    case "expiry":
      return <ChangeExpiryDialog {...dialogProps} />;
    case "narrow":
      return <NarrowDialog {...dialogProps} />;
    case "responsible":
      return <ResponsibleDialog {...dialogProps} />;
    case "rotate":
      return <RotateDialog {...dialogProps} apiUrl={apiUrl} scopes={open.scopes} />;
    case "renew":
      return <RenewDialog {...dialogProps} apiUrl={apiUrl} />;
    case "overlap":
      return <OverlapDialog {...dialogProps} />;
    case "duplicate":
      return (
        <CreateApiKeyDialog
          team={team}
          options={options}
          apiUrl={apiUrl}
          copyOf={apiKey}
          opener={button}
          onClose={onClose}
        />
      );
    case "revoke":
      return <RevokeDialog {...dialogProps} />;
  }
}
