import { commandOf, parentOf } from "./process-identity.ts";

const SHELL = /(?:^|\/|-)(?:sh|ash|bash|dash|zsh|ksh|busybox)$/;

/**
 * When npm launched this process, a check whether that npm is gone: one that was killed outright
 * can't pass the news on, and we would run on unseen. Between npm and us there may be a shell.
 */
export function launcherIsGone(): (() => boolean) | undefined {
  if (!process.env.npm_lifecycle_event) return undefined;
  const parent = process.ppid;
  if (!SHELL.test(commandOf(parent) ?? "")) return () => process.ppid !== parent;
  const npm = parentOf(parent);
  return () => process.ppid !== parent || parentOf(parent) !== npm;
}
