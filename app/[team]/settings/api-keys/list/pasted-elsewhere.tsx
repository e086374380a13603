import Link from "next/link";
import type { PastedKey } from "@/lib/api-keys/find-pasted-key";
import type { KeyList } from "@/lib/api-keys/list/list-choices";

const WHERE: Record<KeyList, string> = {
  personal: "This token belongs to one of your keys.",
  team: "This token belongs to a team key.",
  all: "This token belongs to another member's key.",
};

type PastedElsewhereProps = { team: string; list: KeyList; pasted: PastedKey };

/** Links to the pasted token's key if this list doesn't contain it. */
export function PastedElsewhere({ team, list, pasted }: PastedElsewhereProps) {
  const isHidden = list === pasted.list || list === "all";
  return (
    <>
      {isHidden ? "This token's key is hidden by your filters." : WHERE[pasted.list]}{" "}
      <Link
        href={`/${team}/settings/api-keys/${pasted.id}`}
        prefetch={false}
        className="font-medium text-ink underline decoration-line-strong underline-offset-2 hover:decoration-accent"
      >
        View key
      </Link>
    </>
  );
}
