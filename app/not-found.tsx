import type { Metadata } from "next";
import Link from "next/link";
import { MessagePage } from "@/components/message-page";
import { buttonClass } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <MessagePage title="There is nothing here">
      <p>The address may be mistyped, or it belongs to a team you are not a member of.</p>
      <Link href="/" className={buttonClass("primary")}>
        Go to my team
      </Link>
    </MessagePage>
  );
}
