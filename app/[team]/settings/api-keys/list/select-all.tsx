import type { ApiKeyDto } from "@/lib/api-keys/dto";
import type { Selection } from "./use-selection";

export function SelectAll({ apiKeys, selection }: { apiKeys: ApiKeyDto[]; selection: Selection }) {
  const chosen = apiKeys.filter(({ id }) => selection.has(id)).length;
  return (
    <input
      type="checkbox"
      aria-label="Select all on this page"
      className="size-4 align-middle"
      ref={(box) => {
        if (box) box.indeterminate = chosen > 0 && chosen < apiKeys.length;
      }}
      checked={chosen > 0 && chosen === apiKeys.length}
      onChange={(event) => selection.set(apiKeys, event.target.checked)}
    />
  );
}
