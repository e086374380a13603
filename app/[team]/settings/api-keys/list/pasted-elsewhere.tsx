import Link from "next/link";
import type { PastedKey } from "@/lib/api-keys/find-pasted-key";
import type { KeyList } from "@/lib/api-keys/list/list-choices";

const WHERE: Record<KeyList, string> = {
  personal: "It's one of your own keys",
  team: "It's one of the team's keys",
  all: "It's another member's key",
};

type PastedElsewhereProps = { team: string; list: KeyList; pasted: PastedKey };

/** Links to the pasted token's key if this list doesn't contain it. */
export function PastedElsewhere({ team, list, pasted }: PastedElsewhereProps) {
  const isHidden = list === pasted.list || list === "all";
  return (
    <>
      {isHidden ? "The filters hide the key of the pasted token" : WHERE[pasted.list]}:{" "}
      <Link
        href={`/${team}/settings/api-keys/${pasted.id}`}
        prefetch={false}
        className="font-medium text-ink underline decoration-line-strong underline-offset-2 hover:decoration-accent"
      >
        open it
      </Link>
      .
    </>
  );
}
