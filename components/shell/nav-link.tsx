"use client";

import { KeyRound, Rocket, ScrollText, Settings, ShieldCheck, UserCog, Users } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "@/components/ui/class-names";

export const ICONS = {
  settings: Settings,
  key: KeyRound,
  role: UserCog,
  members: Users,
  policy: ShieldCheck,
  log: ScrollText,
  start: Rocket,
};
export type NavIcon = keyof typeof ICONS;

/** `isExact`: pages below have their own links. */
type NavLinkProps = { href: string; label: string; icon: NavIcon; isExact?: boolean };

/** On narrow screens, the links are a scrolling row; centers the current one. */
function scrollIntoRow(link: HTMLElement | null) {
  const row = link?.parentElement;
  if (link && row) row.scrollLeft = link.offsetLeft - row.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
}

export function NavLink({ href, label, icon, isExact }: NavLinkProps) {
  const path = usePathname();
  const isCurrent = isExact ? path === href : path.startsWith(href);
  const Icon = ICONS[icon];
  return (
    <Link
      href={href}
      prefetch={false}
      ref={isCurrent ? scrollIntoRow : undefined}
      aria-current={isCurrent ? "page" : undefined}
      className={classNames(
        "flex items-center gap-2.5 whitespace-nowrap rounded-lg px-2.5 py-1.5 font-medium -outline-offset-2 transition-colors max-md:py-2.5",
        isCurrent ? "bg-accent-soft text-accent" : "text-ink-soft hover:bg-sunken hover:text-ink",
      )}
    >
      <Icon size={16} aria-hidden />
      {label}
    </Link>
  );
}
