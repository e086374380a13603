import type { Metadata } from "next";
import Link from "next/link";
import { MessagePage } from "@/components/message-page";
import { buttonClass } from "@/components/ui/button";

export const metadata: Metadata = { title: "No permission" };

export default function Forbidden() {
  return (
    <MessagePage title="Your role doesn't include this page">
      <p>A team admin can grant the permission; it takes effect on your next click.</p>
      <Link href="/" className={buttonClass("primary")}>
        Go to my team
      </Link>
    </MessagePage>
  );
}
