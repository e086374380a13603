"use client";

import Link from "next/link";
import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Cell, DataTable, HeadCells, Row } from "@/components/ui/data-table";
import { RowMenuButton } from "@/components/ui/row-menu-button";
import type { PermissionGroups } from "@/lib/roles/permission-groups";
import type { RoleDto } from "@/lib/roles/queries";
import { visibleText } from "@/lib/text/visible-text";
import { type OpenRoleMenu, type RoleAction, RoleMenu } from "./role-menu";

const HEADINGS = ["Role", "Members", "In this console", "In the API"];

type TableProps = {
  team: string;
  roles: RoleDto[];
  groups: PermissionGroups;
  onAction: (action: RoleAction, role: RoleDto) => void;
};

export function RolesTable({ team, roles, groups, onAction }: TableProps) {
  const [menu, setMenu] = useState<OpenRoleMenu | null>(null);
  return (
    <>
      <DataTable head={<HeadCells labels={HEADINGS} last="Actions" />}>
        {roles.map((role) => (
          <Row key={role.id}>
            <Cell className="cell-wide">
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1 pr-10 xl:min-w-36 xl:pr-0">
                <Link
                  href={`/${team}/settings/roles/${role.id}`}
                  prefetch={false}
                  className="wrap-anywhere font-medium underline decoration-line-strong underline-offset-2 hover:decoration-accent"
                >
                  {visibleText(role.name)}
                </Link>
                {role.isOwn && <Badge tone="accent">Your role</Badge>}
              </span>
            </Cell>
            <Cell data-label="Members" className="cell-wide whitespace-nowrap tabular-nums">
              {role.members}
              {role.invitations > 0 && <span className="text-ink-soft"> and {role.invitations} invited</span>}
            </Cell>
            <Cell data-label="In this console" className="cell-wide">
              <ConsoleGrants role={role} groups={groups} />
            </Cell>
            <Cell data-label="In the API" className="cell-wide">
              <ApiGrants role={role} groups={groups} />
            </Cell>
            <Cell className="cell-corner">
              <RowMenuButton of={visibleText(role.name)} onOpen={(button) => setMenu({ role, button })} />
            </Cell>
          </Row>
        ))}
      </DataTable>
      <RoleMenu open={menu} onClose={() => setMenu(null)} onAction={onAction} />
    </>
  );
}

type GrantsProps = { role: RoleDto; groups: PermissionGroups };

function ConsoleGrants({ role, groups }: GrantsProps) {
  if (role.grantsAll) return "All permissions, including future ones";
  const labels = groups.console
    .flatMap(({ permissions }) => permissions)
    .filter(({ name }) => role.permissions.includes(name))
    .map(({ label }) => label);
  return labels.length > 0 ? labels.join(", ") : <span className="text-ink-soft">None</span>;
}

function ApiGrants({ role, groups }: GrantsProps) {
  if (role.grantsAll) return "All permissions, including future ones";
  const all = groups.api.flatMap(({ permissions }) => permissions);
  const held = all.filter(({ name }) => role.permissions.includes(name));
  if (held.length === 0) return <span className="text-ink-soft">None</span>;
  if (held.length === all.length) return "Full access";
  const reads = all.filter(({ access }) => access === "read");
  if (held.length === reads.length && held.every(({ access }) => access === "read")) return "Read only";
  return `${held.length} of ${all.length} permissions`;
}
