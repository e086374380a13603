import type { Metadata } from "next";
import Link from "next/link";
import { MessagePage } from "@/components/message-page";
import { buttonClass } from "@/components/ui/button";

export const metadata: Metadata = { title: "No permission" };

export default function Forbidden() {
  return (
    <MessagePage title="You don't have access to this page">
      <p>Ask a team admin for permission.</p>
      <Link href="/" className={buttonClass("primary")}>
        Go to my team
      </Link>
    </MessagePage>
  );
}
