"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { Suspense, use, useState } from "react";
import { Pager } from "@/components/pager";
import { useToast } from "@/components/ui/toast";
import type { ApiKeyDto, KeyPerson } from "@/lib/api-keys/dto";
import type { KeyAction, KeyRights } from "@/lib/api-keys/key-actions";
import type { KeyList } from "@/lib/api-keys/list/list-choices";
import { COLUMNS_COOKIE, type OptionalColumn } from "@/lib/api-keys/list/list-columns";
import type { ApiKeyPage } from "@/lib/api-keys/queries";
import type { ScopeGroup } from "@/lib/api-keys/scope-presets";
import { LIST_TEXTS } from "../kind-texts";
import { BulkBar } from "../revoke/bulk-bar";
import { ApiKeysTable } from "./api-keys-table";
import { ApiKeysToolbar } from "./api-keys-toolbar";
import type { ListFilters } from "./list-filters";
import { ListProblem } from "./list-problem";
import { ListSkeleton } from "./list-skeleton";
import { type Selection, useSelection } from "./use-selection";

// Rarely used, so loaded on first use.
const BulkRevokeDialog = dynamic(() =>
  import("../revoke/bulk-revoke-dialog").then((module) => module.BulkRevokeDialog),
);

const A_YEAR_SECONDS = 31_536_000;

type SectionProps = {
  team: string;
  list: KeyList;
  page: Promise<ApiKeyPage>;
  filters: ListFilters;
  owners: KeyPerson[];
  hiddenColumns: OptionalColumn[];
  scopeGroups: ScopeGroup[];
  rights: KeyRights;
  now: string;
  onAction: (action: KeyAction, apiKey: ApiKeyDto, button: HTMLElement) => void;
};

/** One list: its toolbar, its table, and a selection that persists across pages. */
export function KeyListSection(props: SectionProps) {
  const { team, list, filters, owners, scopeGroups, now } = props;
  const [hiddenColumns, setHiddenColumns] = useState(props.hiddenColumns);
  const selection = useSelection();
  const [revokeButton, setRevokeButton] = useState<HTMLElement | null>(null);
  const showToast = useToast();
  const router = useRouter();

  function chooseColumns(hidden: OptionalColumn[]) {
    setHiddenColumns(hidden);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and on plain http.
    document.cookie = `${COLUMNS_COOKIE}=${hidden.join(".")}; path=/; max-age=${A_YEAR_SECONDS}; samesite=lax`;
  }
  function finish(confirmation: string) {
    setRevokeButton(null);
    selection.clear();
    showToast(confirmation);
    router.refresh();
  }

  return (
    <section aria-label={LIST_TEXTS[list].listLabel} className="grid gap-4">
      <ApiKeysToolbar {...{ list, filters, owners, scopeGroups, hiddenColumns }} onColumns={chooseColumns} />
      <ListProblem asked={JSON.stringify(filters)}>
        <Suspense fallback={<ListSkeleton />}>
          <Listed {...props} hiddenColumns={hiddenColumns} selection={selection} />
        </Suspense>
      </ListProblem>
      <BulkBar selection={selection} onRevoke={setRevokeButton} />
      {revokeButton && (
        <BulkRevokeDialog
          team={team}
          apiKeys={selection.chosen}
          now={now}
          opener={revokeButton}
          onClose={() => setRevokeButton(null)}
          onDone={finish}
        />
      )}
    </section>
  );
}

function Listed({ page, selection, ...props }: SectionProps & { selection: Selection }) {
  const { keys, older, newer, isCutShort, pasted } = use(page);
  return (
    <>
      <ApiKeysTable {...props} apiKeys={keys} selection={selection} isCutShort={isCutShort} pasted={pasted} />
      {isCutShort && keys.length > 0 && (
        <p role="status" className="text-ink-soft">
          These are the matches so far. The search isn't complete.
        </p>
      )}
      <Pager older={older} newer={newer} olderLabel={isCutShort ? "Keep searching" : "Older"} />
    </>
  );
}
