import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentSession } from "@/lib/auth/current-actor";
import { sameOriginPath } from "@/lib/auth/same-origin-path";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SignInPage({ searchParams }: Props) {
  const goOnTo = sameOriginPath((await searchParams).callbackUrl);
  if (await currentSession()) redirect(goOnTo);
  return (
    <div className="grid gap-6">
      <h1 className="font-semibold text-2xl tracking-tight">Sign in</h1>
      <SignInForm goOnTo={goOnTo} />
    </div>
  );
}
