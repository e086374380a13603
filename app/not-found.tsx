import type { Metadata } from "next";
import Link from "next/link";
import { MessagePage } from "@/components/message-page";
import { buttonClass } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <MessagePage title="Page not found">
      <p>Check the URL. It may belong to a team you're not in.</p>
      <Link href="/" className={buttonClass("primary")}>
        Go to my team
      </Link>
    </MessagePage>
  );
}
