"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { MintingOptions } from "@/lib/api-keys/create/minting-options";
import { KeyRightsContext } from "../key-rights";

const MintingContext = createContext<MintingOptions | null>(null);

/** Provides the actor's options to key dialogs. */
export function MintingProvider({ options, children }: { options: MintingOptions; children: ReactNode }) {
  return (
    <MintingContext value={options}>
      <KeyRightsContext value={options.rights}>{children}</KeyRightsContext>
    </MintingContext>
  );
}

export function useMintingOptions(): MintingOptions {
  const options = useContext(MintingContext);
  if (!options) throw new Error("this needs a MintingProvider around it");
  return options;
}
