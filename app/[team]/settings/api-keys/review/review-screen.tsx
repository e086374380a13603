"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { BackLink } from "@/components/back-link";
import { PageHeader } from "@/components/page-header";
import { TitledSection } from "@/components/titled-section";
import { Badge } from "@/components/ui/badge";
import { useToast } from "@/components/ui/toast";
import type { MintingOptions } from "@/lib/api-keys/create/minting-options";
import type { KeyKind } from "@/lib/api-keys/kinds";
import type { Review, ReviewList } from "@/lib/insights/review";
import { PlainLink } from "../[id]/plain-link";
import { KeyDialogs, type OpenKeyDialog } from "../key-dialogs";
import { LIST_TEXTS } from "./list-texts";
import { ReviewTable } from "./review-table";

type ScreenProps = {
  team: string;
  review: Review;
  options: Record<KeyKind, MintingOptions>;
  managesMembers: boolean;
  apiUrl: string;
  now: string;
};

/** The review lists. The open dialog is the only state. */
export function ReviewScreen({ team, review, options, managesMembers, apiUrl, now }: ScreenProps) {
  const [open, setOpen] = useState<OpenKeyDialog | null>(null);
  const showToast = useToast();
  const router = useRouter();
  const keys = `/${team}/settings/api-keys`;
  const finish = (confirmation: string) => {
    setOpen(null);
    showToast(confirmation);
    router.refresh();
  };
  return (
    <div className="grid min-w-0 gap-8">
      <div className="grid gap-3">
        <BackLink href={keys}>API keys</BackLink>
        <PageHeader
          title="Review"
          description={
            review.coversTeam
              ? "Active keys that need attention, most urgent first."
              : "Active keys you manage that need attention, most urgent first."
          }
        />
        <Overview lists={review.lists} />
      </div>
      {review.lists.map((list) => (
        <div key={list.name} id={list.name} className="scroll-mt-4">
          <TitledSection
            title={LIST_TEXTS[list.name].title}
            description={list.count > 0 && LIST_TEXTS[list.name].description}
            action={
              list.name === "owner_inactive" &&
              list.count > 0 &&
              managesMembers && <PlainLink href={`/${team}/settings/members`}>Members</PlainLink>
            }
          >
            <ReviewTable
              list={list}
              keysPath={keys}
              rights={options.personal.rights}
              showsOwner={review.coversTeam}
              now={now}
              onFix={setOpen}
            />
          </TitledSection>
        </div>
      ))}
      <KeyDialogs
        team={team}
        options={options[open?.apiKey.kind ?? "personal"]}
        open={open}
        apiUrl={apiUrl}
        now={now}
        onClose={() => setOpen(null)}
        onDone={finish}
      />
    </div>
  );
}

/** The number of keys per list, as links to the lists. */
function Overview({ lists }: { lists: ReviewList[] }) {
  return (
    <nav aria-label="Lists" className="mt-2">
      <ul className="flex flex-wrap gap-x-5 gap-y-2">
        {lists.map(({ name, count, hasMore }) => (
          <li key={name} className="flex items-center gap-1.5">
            <a href={`#${name}`} className="rounded text-ink-soft hover:text-ink">
              {LIST_TEXTS[name].title}
            </a>
            <Badge tone={count === 0 ? "neutral" : "warning"}>{shownCount(count, hasMore)}</Badge>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const shownCount = (count: number, hasMore: boolean) => `${count.toLocaleString("en-GB")}${hasMore ? "+" : ""}`;
