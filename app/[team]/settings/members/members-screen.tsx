"use client";

import { Search, UserPlus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PageHeader } from "@/components/page-header";
import { Pager } from "@/components/pager";
import { SearchInput } from "@/components/search-input";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import { useUrlFilters } from "@/components/use-url-filters";
import type { InvitationDto } from "@/lib/invitations/dto";
import type { MemberDto } from "@/lib/members/dto";
import type { RoleChoice } from "@/lib/members/grantable-role";
import type { MemberPage } from "@/lib/members/queries";
import { ChangeRoleDialog } from "./change-role-dialog";
import { ConfirmAddressDialog } from "./confirm-address-dialog";
import { DisableDialog } from "./disable-dialog";
import { type InvitationAction, InvitationsTable } from "./invitations-table";
import { InviteDialog } from "./invite-dialog";
import type { MemberAction } from "./member-menu";
import { MembersTable } from "./members-table";
import { RemoveDialog } from "./remove-dialog";
import { RenewDialog } from "./renew-dialog";
import { WithdrawDialog } from "./withdraw-dialog";

type ScreenProps = {
  team: string;
  page: MemberPage;
  count: number;
  invitations: InvitationDto[];
  roles: RoleChoice[];
  hasMail: boolean;
  q: string;
  now: string;
};

type Open =
  | { action: "invite"; opener: HTMLElement }
  | { action: MemberAction; member: MemberDto }
  | { action: InvitationAction; invitation: InvitationDto };

/** The Members page. Its only state is the open dialog; the list comes from the URL. */
export function MembersScreen({ team, page, count, invitations, roles, hasMail, q, now }: ScreenProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const showToast = useToast();
  const router = useRouter();

  const close = () => setOpen(null);
  const finish = (confirmation: string) => {
    close();
    showToast(confirmation);
    router.refresh();
  };
  const closeAndRefresh = () => {
    close();
    router.refresh();
  };
  const shared = { team, onClose: close, onDone: finish };

  return (
    <div className="grid gap-6">
      <PageHeader
        title="Members"
        description="People in this team. Role changes apply immediately, to members and their keys."
        action={
          <div className="flex items-center gap-4 max-sm:w-full max-sm:justify-between">
            <p className="text-ink-soft">
              <span className="tabular-nums">{count}</span> {count === 1 ? "member" : "members"}
            </p>
            <Button variant="primary" onClick={(event) => setOpen({ action: "invite", opener: event.currentTarget })}>
              <UserPlus size={16} aria-hidden /> Invite member
            </Button>
          </div>
        }
      />
      {invitations.length > 0 && (
        <section aria-labelledby="invitations" className="grid gap-3">
          <h2 id="invitations" className="font-semibold text-base">
            Invitations
          </h2>
          <InvitationsTable
            invitations={invitations}
            now={now}
            onAction={(action, invitation) => setOpen({ action, invitation })}
          />
        </section>
      )}
      <section aria-label="Members" className="grid gap-4">
        <MemberSearch q={q} />
        <MembersTable
          members={page.members}
          now={now}
          hasMail={hasMail}
          onAction={(action, member) => setOpen({ action, member })}
        />
        <Pager older={page.older} newer={page.newer} />
      </section>

      {open?.action === "invite" && (
        <InviteDialog
          team={team}
          roles={roles}
          hasMail={hasMail}
          opener={open.opener}
          onClose={close}
          onDone={closeAndRefresh}
        />
      )}
      {open?.action === "renew" && (
        <RenewDialog team={team} invitation={open.invitation} hasMail={hasMail} onClose={closeAndRefresh} />
      )}
      {open?.action === "withdraw" && <WithdrawDialog {...shared} invitation={open.invitation} />}
      {open?.action === "role" && <ChangeRoleDialog {...shared} member={open.member} roles={roles} />}
      {open?.action === "confirm" && <ConfirmAddressDialog {...shared} member={open.member} />}
      {(open?.action === "disable" || open?.action === "enable") && (
        <DisableDialog {...shared} member={open.member} verb={open.action} />
      )}
      {open?.action === "remove" && <RemoveDialog {...shared} member={open.member} now={now} />}
    </div>
  );
}

function MemberSearch({ q }: { q: string }) {
  const { wanted, isPending, show } = useUrlFilters({ q });
  return (
    <search className="flex flex-wrap gap-2" aria-busy={isPending}>
      <div className="relative min-w-0 grow sm:max-w-xs">
        <Search size={16} aria-hidden className="pointer-events-none absolute inset-y-0 left-3 my-auto text-ink-soft" />
        <SearchInput
          aria-label="Search by name or email"
          placeholder="Search by name or email"
          className="pl-9"
          value={wanted.q}
          onSearch={(text, isContinued) => show({ q: text }, isContinued)}
        />
      </div>
      <span role="status" className="sr-only">
        {isPending ? "Loading" : ""}
      </span>
    </search>
  );
}
