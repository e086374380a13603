"use client";

import { Button } from "@/components/ui/button";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { keyActions } from "@/lib/api-keys/key-actions";
import { useMintingOptions } from "../create/minting-context";
import { useOpenKeyDialog } from "./key-actions";

/** Rotates the key into one without its unused scopes; an existing key's scopes can't be changed. */
export function NarrowerSuccessor({ apiKey, idle }: { apiKey: ApiKeyDto; idle: string[] }) {
  const { rights } = useMintingOptions();
  const openDialog = useOpenKeyDialog();
  const scopes = apiKey.scopes.filter((scope) => !idle.includes(scope));
  if (!keyActions(apiKey, rights).includes("rotate")) return null;
  if (scopes.length === 0) {
    return <p className="text-ink-soft">No scopes would remain. If nothing uses this key, revoke it.</p>;
  }
  return (
    <div>
      <Button onClick={(event) => openDialog({ action: "rotate", apiKey, scopes, button: event.currentTarget })}>
        Rotate without these scopes
      </Button>
    </div>
  );
}
