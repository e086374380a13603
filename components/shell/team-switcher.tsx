"use client";

import { Check, ChevronsUpDown } from "lucide-react";
import Link from "next/link";
import { Menu, MenuItem, MenuLabel } from "@/components/ui/menu";
import { visibleText } from "@/lib/text/visible-text";

type Team = { slug: string; name: string };

/** The current team, with links to the user's other teams. */
export function TeamSwitcher({ current, teams }: { current: Team; teams: Team[] }) {
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`Team ${visibleText(current.name)}, switch team`}
          className="flex w-full min-w-0 items-center justify-between gap-2 rounded-lg border border-line bg-surface px-2.5 py-1.5 text-left font-medium transition-colors hover:bg-sunken max-md:h-10"
        >
          <span className="truncate">{visibleText(current.name)}</span>
          <ChevronsUpDown size={14} aria-hidden className="shrink-0 text-ink-soft" />
        </button>
      }
    >
      <MenuLabel>Your teams</MenuLabel>
      {teams.map((team) => (
        <MenuItem key={team.slug} asChild>
          <Link href={`/${team.slug}`} prefetch={false} aria-current={team.slug === current.slug ? "true" : undefined}>
            <span className="min-w-0 grow truncate">{visibleText(team.name)}</span>
            {team.slug === current.slug && <Check size={14} aria-hidden className="shrink-0" />}
          </Link>
        </MenuItem>
      ))}
    </Menu>
  );
}
