"use client";

import { Plus } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useState } from "react";
import { PageHeader } from "@/components/page-header";
import { Pager } from "@/components/pager";
import { Button } from "@/components/ui/button";
import { TabLinks } from "@/components/ui/tab-links";
import { useToast } from "@/components/ui/toast";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { KeyKind } from "@/lib/api-keys/kinds";
import { MAX_ACTIVE_KEYS } from "@/lib/api-keys/limits";
import type { ApiKeyPage } from "@/lib/api-keys/queries";
import type { ScopeGroup } from "@/lib/api-keys/scope-presets";
import type { KeyStatus } from "@/lib/api-keys/status";
import { ApiKeysTable } from "./api-keys-table";
import { ApiKeysToolbar } from "./api-keys-toolbar";
import { ChangeExpiryDialog } from "./change-expiry-dialog";
import { CreateApiKeyDialog } from "./create-api-key-dialog";
import { EditNameDialog } from "./edit-name-dialog";
import { EmptyState } from "./empty-state";
import { KIND_TEXTS } from "./kind-texts";
import { RevokeDialog } from "./revoke-dialog";
import type { KeyAction } from "./row-menu";

type ScreenProps = {
  team: string;
  /** Whose keys are listed, and all that the member may list. */
  kind: KeyKind;
  kinds: KeyKind[];
  page: ApiKeyPage;
  counts: { active: number; hasAny: boolean };
  filters: { kind: KeyKind | null; q: string; status: KeyStatus | null };
  scopeGroups: ScopeGroup[];
  apiUrl: string;
  now: string;
};

/** The API Keys page: which dialog is open, and the button that opened it, is its only state; what is listed comes from the URL. */
export function ApiKeysScreen(props: ScreenProps) {
  const { team, kind, kinds, page, counts, filters, scopeGroups, apiUrl, now } = props;
  const [createButton, setCreateButton] = useState<HTMLElement | null>(null);
  const [open, setOpen] = useState<{ action: KeyAction; apiKey: ApiKeyDto } | null>(null);
  const [kindBefore, setKindBefore] = useState(kind);
  const showToast = useToast();
  const router = useRouter();
  if (kind !== kindBefore) {
    // Back went to the other keys under an open dialog.
    setKindBefore(kind);
    setCreateButton(null);
    setOpen(null);
  }

  const close = () => setOpen(null);
  const finish = (confirmation: string) => {
    close();
    showToast(confirmation);
    router.refresh();
  };
  const dialogProps = open && { team, apiKey: open.apiKey, now, onClose: close, onDone: finish };
  const texts = KIND_TEXTS[kind];
  const isAtLimit = kind === "personal" && counts.active >= MAX_ACTIVE_KEYS;

  return (
    <div className="grid gap-6">
      <PageHeader
        title="API Keys"
        description={texts.description}
        action={
          <div className="flex items-center gap-4">
            <p className="text-ink-soft">
              <span className="tabular-nums">{counts.active}</span>
              {kind === "personal" && ` of ${MAX_ACTIVE_KEYS}`} active
            </p>
            <Button variant="primary" onClick={(event) => setCreateButton(event.currentTarget)}>
              <Plus size={16} aria-hidden /> {texts.create}
            </Button>
          </div>
        }
      />
      {kinds.length > 1 && <KindTabs kinds={kinds} current={kind} />}
      {counts.hasAny ? (
        <section key={kind} aria-label={texts.listLabel} className="grid gap-4">
          <ApiKeysToolbar filters={filters} />
          <ApiKeysTable apiKeys={page.keys} now={now} onAction={(action, apiKey) => setOpen({ action, apiKey })} />
          <Pager older={page.older} newer={page.newer} />
        </section>
      ) : (
        <EmptyState kind={kind} onCreate={setCreateButton} />
      )}

      {createButton && (
        <CreateApiKeyDialog
          team={team}
          kind={kind}
          scopeGroups={scopeGroups}
          apiUrl={apiUrl}
          isAtLimit={isAtLimit}
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

function KindTabs({ kinds, current }: { kinds: KeyKind[]; current: KeyKind }) {
  const path = usePathname();
  const tabs = kinds.map((kind) => ({
    label: KIND_TEXTS[kind].tab,
    href: kind === "personal" ? path : `${path}?kind=${kind}`,
    isCurrent: kind === current,
  }));
  return <TabLinks label="Whose keys" tabs={tabs} />;
}
