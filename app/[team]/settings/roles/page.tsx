import type { Metadata } from "next";
import { requireActor } from "@/lib/auth/current-actor";
import { permissionGroups } from "@/lib/roles/permission-groups";
import { listRoles } from "@/lib/roles/queries";
import { RolesScreen } from "./roles-screen";

export const metadata: Metadata = { title: "Roles" };

type Props = { params: Promise<{ team: string }> };

export default async function RolesPage({ params }: Props) {
  const { team } = await params;
  const actor = await requireActor(team, `/${team}/settings/roles`, "team.manage_roles");
  return <RolesScreen team={team} roles={await listRoles(actor)} groups={permissionGroups()} />;
}
