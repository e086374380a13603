import type { Metadata } from "next";
import Link from "next/link";
import { PageHeader } from "@/components/page-header";
import { requireSession } from "@/lib/auth/current-actor";
import { pagePath } from "@/lib/auth/page-path";
import { ConfirmButton } from "./confirm-button";

export const metadata: Metadata = { title: "Confirm your email" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** The page of a mailed link. Opening it changes nothing, because mail scanners open links too. */
export default async function ConfirmAddressPage({ searchParams }: Props) {
  const query = await searchParams;
  const { user } = await requireSession(pagePath("/account/confirm-address", query));
  return (
    <div className="grid max-w-3xl gap-6">
      <PageHeader title="Confirm your email" description={`You are signed in as ${user.email}.`} />
      {typeof query.code === "string" ? (
        <ConfirmButton code={query.code} email={user.email} />
      ) : (
        <p>This link isn’t complete. Open it from the email, or copy all of it.</p>
      )}
      <Link href="/account" className="text-accent underline underline-offset-2">
        Go to your account
      </Link>
    </div>
  );
}
