import Link from "next/link";
import { redirect } from "next/navigation";
import { MessagePage } from "@/components/message-page";
import { buttonClass } from "@/components/ui/button";
import { requireSession } from "@/lib/auth/current-actor";

export default async function HomePage() {
  const session = await requireSession("/");
  const first = session.user.members[0];
  if (first) redirect(`/${first.team.slug}`);
  return (
    <MessagePage title="You're not in any team yet">
      <p>Ask a team admin to invite {session.user.email}.</p>
      <Link href="/account" prefetch={false} className={buttonClass()}>
        Your account
      </Link>
    </MessagePage>
  );
}
