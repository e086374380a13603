import { type MouseEvent, useRef } from "react";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { Selection } from "./use-selection";

/** Handles clicks on checkboxes; with Shift, selects the range from the previous key to this one. */
export function useRangeChoice(apiKeys: ApiKeyDto[], selection: Selection) {
  const lastChosen = useRef<string>(null);
  return ({ shiftKey, currentTarget }: MouseEvent<HTMLInputElement>, apiKey: ApiKeyDto) => {
    const placeOf = (id: string | null) => apiKeys.findIndex((each) => each.id === id);
    const [from, to] = [shiftKey ? placeOf(lastChosen.current) : -1, placeOf(apiKey.id)];
    const range = from < 0 ? [apiKey] : apiKeys.slice(Math.min(from, to), Math.max(from, to) + 1);
    selection.set(range, currentTarget.checked);
    lastChosen.current = apiKey.id;
  };
}
