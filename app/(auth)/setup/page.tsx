import type { Metadata } from "next";
import Link from "next/link";
import { isSetupOpen } from "@/lib/setup/create-first-admin";
import { SetupForm } from "./setup-form";

export const metadata: Metadata = { title: "Set up" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SetupPage({ searchParams }: Props) {
  const { code } = await searchParams;
  if (typeof code !== "string" || !(await isSetupOpen(code))) {
    return (
      <div className="grid gap-4">
        <h1 className="font-semibold text-2xl tracking-tight">This setup link can’t be used</h1>
        <p className="text-ink-soft">
          It works once, until there is a first admin, for a day. Restarting Latchkey prints a new one if none exists.
        </p>
        <Link href="/sign-in" className="text-accent underline underline-offset-2">
          Go to sign-in
        </Link>
      </div>
    );
  }
  return (
    <div className="grid gap-6">
      <div className="grid gap-1.5">
        <h1 className="font-semibold text-2xl tracking-tight">Set up Latchkey</h1>
        <p className="text-ink-soft">You become the admin of your team. Others can be added later.</p>
      </div>
      <SetupForm code={code} />
    </div>
  );
}
