"use client";

import { useState } from "react";
import { Day, RelativeTime } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import { Cell, DataTable, HeadCells, NothingFound, Row } from "@/components/ui/data-table";
import { RowMenuButton } from "@/components/ui/row-menu-button";
import type { MemberDto } from "@/lib/members/dto";
import { visibleText } from "@/lib/text/visible-text";
import { type MemberAction, MemberMenu, type OpenMemberMenu } from "./member-menu";

const STATUS = {
  active: { label: "Active", tone: "accent" },
  disabled: { label: "Disabled", tone: "warning" },
  account_disabled: { label: "Account disabled", tone: "warning" },
} as const;

const HEADINGS = ["Name", "Role", "Status", "Active keys", "Last seen", "Joined"];

type TableProps = {
  members: MemberDto[];
  now: string;
  hasMail: boolean;
  onAction: (action: MemberAction, member: MemberDto) => void;
};

/** One page of members, with a shared menu. */
export function MembersTable({ members, now, hasMail, onAction }: TableProps) {
  const [menu, setMenu] = useState<OpenMemberMenu | null>(null);
  if (members.length === 0) return <NothingFound>No members found.</NothingFound>;
  return (
    <>
      <DataTable head={<HeadCells labels={HEADINGS} last="Actions" />}>
        {members.map((member) => (
          <MemberRow key={member.id} member={member} now={now} onMenu={(button) => setMenu({ member, button })} />
        ))}
      </DataTable>
      <MemberMenu open={menu} hasMail={hasMail} onClose={() => setMenu(null)} onAction={onAction} />
    </>
  );
}

type RowProps = { member: MemberDto; now: string; onMenu: (button: HTMLElement) => void };

function MemberRow({ member, now, onMenu }: RowProps) {
  const { name, email, isEmailConfirmed, role, status, activeKeys, lastSeenAt, joinedAt, isSelf, isChangeable } =
    member;
  return (
    <Row>
      <Cell className="cell-wide">
        <span className="block wrap-anywhere pr-10 font-medium xl:pr-0">
          {visibleText(name)}
          {isSelf && <span className="font-normal text-ink-soft"> (you)</span>}
        </span>
        <span className="wrap-anywhere text-ink-soft text-xs">{email}</span>{" "}
        {!isEmailConfirmed && <Badge tone="warning">Unconfirmed</Badge>}
      </Cell>
      <Cell data-label="Role">{visibleText(role.name)}</Cell>
      <Cell data-label="Status">
        <Badge tone={STATUS[status].tone}>{STATUS[status].label}</Badge>
      </Cell>
      <Cell data-label="Active keys" className="tabular-nums">
        {activeKeys}
      </Cell>
      <Cell data-label="Last seen">
        {lastSeenAt ? <RelativeTime iso={lastSeenAt} now={now} /> : <span className="text-ink-soft">Never</span>}
      </Cell>
      <Cell data-label="Joined">
        <Day iso={joinedAt} />
      </Cell>
      <Cell className="cell-corner">{isChangeable && <RowMenuButton of={visibleText(name)} onOpen={onMenu} />}</Cell>
    </Row>
  );
}
