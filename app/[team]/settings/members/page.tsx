import type { Metadata } from "next";
import { requireActor } from "@/lib/auth/current-actor";
import { pagePath } from "@/lib/auth/page-path";
import { listInvitations } from "@/lib/invitations/queries";
import { isMailConfigured } from "@/lib/mail/send-mail";
import { listGrantableRoles } from "@/lib/members/grantable-role";
import { countMembers, listMembers, memberListSchema } from "@/lib/members/queries";
import { MembersScreen } from "./members-screen";

export const metadata: Metadata = { title: "Members" };

type Props = {
  params: Promise<{ team: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function MembersPage({ params, searchParams }: Props) {
  const { team } = await params;
  const query = await searchParams;
  const actor = await requireActor(team, pagePath(`/${team}/settings/members`, query), "team.manage_members");
  const list = memberListSchema.parse(query);
  // In two steps, so that one reader doesn't use most of the connections.
  const [page, count] = await Promise.all([listMembers(actor, list), countMembers(actor)]);
  const [invitations, roles] = await Promise.all([listInvitations(actor), listGrantableRoles(actor)]);

  return (
    <MembersScreen
      team={team}
      page={page}
      count={count}
      invitations={invitations}
      roles={roles}
      hasMail={isMailConfigured()}
      q={list.q}
      now={actor.now.toISOString()}
    />
  );
}
