"use client";

import { ChevronDown } from "lucide-react";
import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useState } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { keyActions } from "@/lib/api-keys/key-actions";
import { useMintingOptions } from "../create/minting-context";
import { KeyDialogs, type OpenKeyDialog } from "../key-dialogs";
import { type OpenRowMenu, RowMenu } from "../list/row-menu";

const OpenDialogContext = createContext<(open: OpenKeyDialog) => void>(() => {});

/** Opens a key dialog from anywhere inside {@link WithKeyDialogs}. */
export const useOpenKeyDialog = () => useContext(OpenDialogContext);

type WithDialogsProps = { team: string; apiUrl: string; now: string; children: ReactNode };

/** Provides the key dialogs of the list to the page's children. */
export function WithKeyDialogs({ team, apiUrl, now, children }: WithDialogsProps) {
  const [open, setOpen] = useState<OpenKeyDialog | null>(null);
  const options = useMintingOptions();
  const showToast = useToast();
  const router = useRouter();
  const finish = (confirmation: string) => {
    setOpen(null);
    showToast(confirmation);
    router.refresh();
  };
  return (
    <>
      <OpenDialogContext value={setOpen}>{children}</OpenDialogContext>
      <KeyDialogs
        team={team}
        options={options}
        open={open}
        apiUrl={apiUrl}
        now={now}
        onClose={() => setOpen(null)}
        onDone={finish}
      />
    </>
  );
}

/** The same menu as in the list. */
export function KeyActions({ apiKey }: { apiKey: ApiKeyDto }) {
  const [menu, setMenu] = useState<OpenRowMenu | null>(null);
  const { rights } = useMintingOptions();
  const openDialog = useOpenKeyDialog();
  if (keyActions(apiKey, rights).length === 0) return null;
  return (
    <>
      <Button aria-haspopup="menu" onClick={(event) => setMenu({ apiKey, button: event.currentTarget })}>
        Actions <ChevronDown size={16} aria-hidden />
      </Button>
      <RowMenu
        open={menu}
        onClose={() => setMenu(null)}
        onAction={(action, apiKey, button) => openDialog({ action, apiKey, button })}
      />
    </>
  );
}
