"use client";

import { Plus } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useState } from "react";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { TabLinks } from "@/components/ui/tab-links";
import { useToast } from "@/components/ui/toast";
import type { MintingOptions } from "@/lib/api-keys/create/minting-options";
import type { KeyPerson } from "@/lib/api-keys/dto";
import type { KeyKind } from "@/lib/api-keys/kinds";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import type { OptionalColumn } from "@/lib/api-keys/list/list-columns";
import type { ActiveCount, ApiKeyPage } from "@/lib/api-keys/queries";
import { CreateApiKeyDialog } from "./create/create-api-key-dialog";
import { KeyDialogs, type OpenKeyDialog } from "./key-dialogs";
import { KeyRightsContext } from "./key-rights";
import { LIST_TEXTS } from "./kind-texts";
import { EmptyState } from "./list/empty-state";
import { KeyListSection } from "./list/key-list-section";
import type { ListFilters } from "./list/list-filters";
import { SafetyLinks } from "./review/safety-links";

type ScreenProps = {
  team: string;
  /** The current list, and all lists the member can see. */
  list: KeyList;
  lists: KeyList[];
  page: Promise<ApiKeyPage>;
  counts: { active: ActiveCount | null; hasAny: boolean };
  filters: ListFilters;
  owners: KeyPerson[];
  hiddenColumns: OptionalColumn[];
  /** Dialog options by kind of key in the list. */
  options: Record<KeyKind, MintingOptions | null>;
  apiUrl: string;
  now: string;
};

/** The API keys page. Its only state is the open dialog and the button that opened it; the list comes from the URL. */
export function ApiKeysScreen(props: ScreenProps) {
  const { team, list, lists, counts, filters, options, apiUrl, now } = props;
  const [createButton, setCreateButton] = useState<HTMLElement | null>(null);
  const [open, setOpen] = useState<OpenKeyDialog | null>(null);
  const [listBefore, setListBefore] = useState(list);
  const showToast = useToast();
  const router = useRouter();
  if (list !== listBefore) {
    // Back changed the list under an open dialog.
    setListBefore(list);
    setCreateButton(null);
    setOpen(null);
  }

  const finish = (confirmation: string) => {
    setOpen(null);
    showToast(confirmation);
    router.refresh();
  };
  const creating = list === "all" ? null : options[list];
  const opened = open && options[open.apiKey.kind];
  const rights = (options.personal ?? options.team)?.rights;
  if (!rights) return null;

  return (
    <KeyRightsContext value={rights}>
      <div className="grid gap-6">
        <PageHeader
          title="API keys"
          description={LIST_TEXTS[list].description}
          action={
            <div className="flex items-center gap-4 max-sm:w-full max-sm:justify-between">
              <ActiveKeys
                active={counts.active ?? options.personal?.countedKeys ?? 0}
                most={list === "personal" ? options.personal?.policy.maxActiveKeys : undefined}
              />
              {list !== "all" && (
                <Button variant="primary" onClick={(event) => setCreateButton(event.currentTarget)}>
                  <Plus size={16} aria-hidden /> {LIST_TEXTS[list].create}
                </Button>
              )}
            </div>
          }
        />
        <div className="flex flex-wrap items-end gap-x-6 gap-y-1 md:shadow-[inset_0_-1px_var(--line)]">
          <div className="min-w-0 grow">{lists.length > 1 && <ListTabs lists={lists} current={list} />}</div>
          <SafetyLinks team={team} />
        </div>
        {counts.hasAny || list === "all" ? (
          <KeyListSection
            key={list}
            {...{ team, list, filters, rights, now }}
            page={props.page}
            owners={props.owners}
            hiddenColumns={props.hiddenColumns}
            scopeGroups={(options.team ?? options.personal)?.scopeGroups ?? []}
            onAction={(action, apiKey, button) => setOpen({ action, apiKey, button })}
          />
        ) : (
          <EmptyState kind={list} onCreate={setCreateButton} />
        )}

        {createButton && creating && (
          <CreateApiKeyDialog
            team={team}
            options={creating}
            apiUrl={apiUrl}
            opener={createButton}
            onClose={() => setCreateButton(null)}
          />
        )}
        {opened && (
          <KeyDialogs
            team={team}
            open={open}
            options={opened}
            apiUrl={apiUrl}
            now={now}
            onClose={() => setOpen(null)}
            onDone={finish}
          />
        )}
      </div>
    </KeyRightsContext>
  );
}

/** "3 of 10 active". */
function ActiveKeys({ active, most }: { active: ActiveCount; most: number | undefined }) {
  return (
    <p className="text-ink-soft">
      <span className="tabular-nums">{active}</span>
      {most !== undefined && ` of ${most}`} active
    </p>
  );
}

function ListTabs({ lists, current }: { lists: KeyList[]; current: KeyList }) {
  const path = usePathname();
  const tabs = lists.map((list) => ({
    label: LIST_TEXTS[list].tab,
    href: list === "personal" ? path : `${path}?kind=${list}`,
    isCurrent: list === current,
  }));
  return <TabLinks label="Whose keys" tabs={tabs} />;
}
