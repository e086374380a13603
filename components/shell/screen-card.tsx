"use client";

import Link from "next/link";
import { ICONS, type NavIcon } from "@/components/shell/nav-link";

type ScreenCardProps = { href: string; label: string; icon: NavIcon; about: string };

/** A screen on the overview; the whole card is a link. */
export function ScreenCard({ href, label, icon, about }: ScreenCardProps) {
  const Icon = ICONS[icon];
  return (
    <li className="relative flex gap-3.5 rounded-xl border border-line bg-surface p-4 shadow-raised transition-colors hover:border-line-strong">
      <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent">
        <Icon size={18} aria-hidden />
      </span>
      <div className="min-w-0">
        <h2 className="font-medium">
          <Link href={href} prefetch={false} className="after:absolute after:inset-0 after:rounded-xl">
            {label}
          </Link>
        </h2>
        <p className="text-ink-soft">{about}</p>
      </div>
    </li>
  );
}
