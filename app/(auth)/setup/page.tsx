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
          Setup links expire after 24 hours or once an admin exists. Restart Latchkey for a new one.
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
        <p className="text-ink-soft">You’ll be the admin. You can invite others later.</p>
      </div>
      <SetupForm code={code} />
    </div>
  );
}
