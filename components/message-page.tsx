import type { ReactNode } from "react";
import { Logo } from "@/components/logo";

/** A page with a single message: what happened, and what to do. */
export function MessagePage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-[70dvh] max-w-md content-center gap-4 px-6 py-12">
      <div className="mb-2">
        <Logo />
      </div>
      <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
      <div className="grid justify-items-start gap-4 text-ink-soft">{children}</div>
    </main>
  );
}
