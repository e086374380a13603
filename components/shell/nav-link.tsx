"use client";

import { KeyRound, Rocket, ScrollText, ShieldCheck, UserCog, Users } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "@/lib/class-names";

const ICONS = { key: KeyRound, role: UserCog, members: Users, policy: ShieldCheck, log: ScrollText, start: Rocket };
export type NavIcon = keyof typeof ICONS;

type NavLinkProps = { href: string; label: string; icon: NavIcon };

export function NavLink({ href, label, icon }: NavLinkProps) {
  const isCurrent = usePathname().startsWith(href);
  const Icon = ICONS[icon];
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={isCurrent ? "page" : undefined}
      className={classNames(
        "flex items-center gap-2.5 whitespace-nowrap rounded-lg px-2.5 py-1.5 font-medium transition-colors",
        isCurrent ? "bg-accent-soft text-accent" : "text-ink-soft hover:bg-sunken hover:text-ink",
      )}
    >
      <Icon size={16} aria-hidden />
      {label}
    </Link>
  );
}
