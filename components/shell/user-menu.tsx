"use client";

import { LogOut, MonitorX, UserRound } from "lucide-react";
import Link from "next/link";
import { useState, useTransition } from "react";
import { signOutAction, signOutEverywhereAction } from "@/components/shell/actions";
import { Dialog, DialogBody } from "@/components/ui/dialog";
import { Menu, MenuItem, MenuLabel, MenuRadioGroup, MenuSeparator } from "@/components/ui/menu";
import { Notice } from "@/components/ui/notice";
import { THEME_COOKIE, THEMES, type Theme } from "@/lib/account/theme";
import type { ActionResult } from "@/lib/action-result";

const A_YEAR_SECONDS = 31_536_000;

type UserMenuProps = { name: string; address: string; roleName: string; theme: Theme };

/** The user, their account, the theme, and both ways to sign out. */
export function UserMenu({ name, address, roleName, theme: initialTheme }: UserMenuProps) {
  const [theme, setTheme] = useState(initialTheme);
  const [isLeaving, startTransition] = useTransition();
  const [problem, setProblem] = useState<string | null>(null);

  function choose(next: string) {
    setTheme(next as Theme);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and on plain http.
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${A_YEAR_SECONDS}; samesite=lax`;
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  }

  // A full load instead of a client navigation, so that no session data stays in memory.
  const leave = (signOut: () => Promise<ActionResult<null>>) =>
    startTransition(async () => {
      const result = await signOut();
      if (result.ok) window.location.assign("/sign-in");
      else setProblem(result.error.message);
    });

  return (
    <>
      {problem && (
        <Dialog title="You are still signed in" onClose={() => setProblem(null)}>
          <DialogBody>
            <Notice tone="danger" role="alert">
              {problem}
            </Notice>
          </DialogBody>
        </Dialog>
      )}
      <Menu
        side="top"
        align="start"
        trigger={
          <button
            type="button"
            aria-label={`Account of ${name}, ${roleName}`}
            className="flex min-w-0 shrink-0 items-center gap-2.5 rounded-lg p-1 text-left hover:bg-sunken md:w-full md:p-1.5"
          >
            <span
              aria-hidden
              data-initial={name.slice(0, 1)}
              className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-accent uppercase before:content-[attr(data-initial)]"
            />
            <span className="hidden min-w-0 md:block">
              <span className="block truncate font-medium leading-tight">{name}</span>{" "}
              <span className="block truncate text-ink-soft text-xs">{roleName}</span>
            </span>
          </button>
        }
      >
        <MenuLabel>
          Signed in as <span className="text-ink">{address}</span>, {roleName}
        </MenuLabel>
        <MenuItem asChild>
          <Link href="/account" prefetch={false}>
            <UserRound size={16} aria-hidden /> Account
          </Link>
        </MenuItem>
        <MenuSeparator />
        <MenuLabel>Theme</MenuLabel>
        <MenuRadioGroup value={theme} onChange={choose} options={THEMES} />
        <MenuSeparator />
        <MenuItem disabled={isLeaving} onSelect={() => leave(signOutAction)}>
          <LogOut size={16} aria-hidden /> Sign out
        </MenuItem>
        <MenuItem disabled={isLeaving} onSelect={() => leave(signOutEverywhereAction)}>
          <MonitorX size={16} aria-hidden /> Sign out everywhere
        </MenuItem>
      </Menu>
    </>
  );
}
