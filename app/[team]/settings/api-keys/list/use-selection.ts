"use client";

import { useState } from "react";
import type { ApiKeyDto } from "@/lib/api-keys/dto";

export type Selection = {
  chosen: ApiKeyDto[];
  has: (id: string) => boolean;
  set: (apiKeys: ApiKeyDto[], isChosen: boolean) => void;
  clear: () => void;
};

/** The keys selected in a list, in order of selection. */
export function useSelection(): Selection {
  const [byId, setById] = useState<ReadonlyMap<string, ApiKeyDto>>(new Map());
  return {
    chosen: [...byId.values()],
    has: (id) => byId.has(id),
    set: (apiKeys, isChosen) =>
      setById((before) => {
        const next = new Map(before);
        for (const apiKey of apiKeys) {
          if (isChosen) next.set(apiKey.id, apiKey);
          else next.delete(apiKey.id);
        }
        return next;
      }),
    clear: () => setById(new Map()),
  };
}
