"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PageHeader } from "@/components/page-header";
import { Pager } from "@/components/pager";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { MAX_ACTIVE_KEYS } from "@/lib/api-keys/limits";
import type { ApiKeyPage } from "@/lib/api-keys/queries";
import type { KeyStatus } from "@/lib/api-keys/status";
import { ApiKeysTable } from "./api-keys-table";
import { ApiKeysToolbar } from "./api-keys-toolbar";
import { ChangeExpiryDialog } from "./change-expiry-dialog";
import { CreateApiKeyDialog } from "./create-api-key-dialog";
import { EditNameDialog } from "./edit-name-dialog";
import { EmptyState } from "./empty-state";

import { RevokeDialog } from "./revoke-dialog";
import type { KeyAction } from "./row-menu";
import type { ScopeGroup } from "./scope-picker";

type ScreenProps = {
  team: string;
  page: ApiKeyPage;
  counts: { active: number; hasAny: boolean };
  filters: { q: string; status: KeyStatus | null };
  scopeGroups: ScopeGroup[];
  apiUrl: string;
  now: string;
};

/** The API Keys page: which dialog is open, and the button that opened it, is its only state; what is listed comes from the URL. */
export function ApiKeysScreen({ team, page, counts, filters, scopeGroups, apiUrl, now }: ScreenProps) {
  const [createButton, setCreateButton] = useState<HTMLElement | null>(null);
  const [open, setOpen] = useState<{ action: KeyAction; apiKey: ApiKeyDto } | null>(null);
  const showToast = useToast();
  const router = useRouter();

  const close = () => setOpen(null);
  const finish = (confirmation: string) => {
    close();
    showToast(confirmation);
    router.refresh();
  };
  const dialogProps = open && { team, apiKey: open.apiKey, now, onClose: close, onDone: finish };

  return (
    <div className="grid gap-6">
      <PageHeader
        title="API Keys"
        description="Keys let a script or another system call the API as you, with only the scopes you give it."
        action={
          <div className="flex items-center gap-4">
            <p className="text-ink-soft">
              <span className="tabular-nums">{counts.active}</span> of {MAX_ACTIVE_KEYS} active
            </p>
            <Button variant="primary" onClick={(event) => setCreateButton(event.currentTarget)}>
              <Plus size={16} aria-hidden /> Create API key
            </Button>
          </div>
        }
      />
      {counts.hasAny ? (
        <section aria-label="Your API keys" className="grid gap-4">
          <ApiKeysToolbar filters={filters} />
          <ApiKeysTable apiKeys={page.keys} now={now} onAction={(action, apiKey) => setOpen({ action, apiKey })} />
          <Pager older={page.older} newer={page.newer} />
        </section>
      ) : (
        <EmptyState onCreate={setCreateButton} />
      )}

      {createButton && (
        <CreateApiKeyDialog
          team={team}
          scopeGroups={scopeGroups}
          apiUrl={apiUrl}
          isAtLimit={counts.active >= MAX_ACTIVE_KEYS}
          opener={createButton}
          onClose={() => setCreateButton(null)}
        />
      )}
      {open?.action === "rename" && dialogProps && <EditNameDialog {...dialogProps} />}
      {open?.action === "expiry" && dialogProps && <ChangeExpiryDialog {...dialogProps} />}
      {open?.action === "revoke" && dialogProps && <RevokeDialog {...dialogProps} />}
    </div>
  );
}
