import "server-only";
import { z } from "zod";
import { apiPermissions } from "@/lib/permissions/catalogue";
import { WAY_NAMES } from "@/lib/quick-start/ways";

/** The scopes that a snippet asks for: one to read with, one to change things with. */
export type ScopePair = { read: string; write: string };

/** What the page's URL may say; anything else in it is read as nothing said. */
export function readChoice(query: Record<string, unknown>) {
  const offered = offeredScopes();
  return z
    .object({
      for: z.enum(WAY_NAMES).catch("curl"),
      read: z.enum(offered.read).catch(offered.read[0]),
      write: z.enum(offered.write).catch(offered.write[0]),
    })
    .parse(query);
}

/** The catalogue's scopes to choose from; one that has no reading or no writing ones offers what it has. */
export function offeredScopes(): { read: [string, ...string[]]; write: [string, ...string[]] } {
  const all = apiPermissions() as [string, ...string[]];
  const [read, write] = [apiPermissions("read"), apiPermissions("write")];
  return {
    read: read.length > 0 ? (read as [string, ...string[]]) : all,
    write: write.length > 0 ? (write as [string, ...string[]]) : all,
  };
}

/** Another part of the API for an example of two, where the catalogue has one. */
export function otherPair({ read, write }: ScopePair): ScopePair {
  const part = partOf(read);
  const offered = offeredScopes();
  const otherRead = offered.read.find((scope) => partOf(scope) !== part);
  if (!otherRead) return { read, write };
  const own = offered.write.find((scope) => partOf(scope) === partOf(otherRead));
  return { read: otherRead, write: own ?? otherRead };
}

/** `events` of `events.read`: the part of the API a scope is about. */
export function partOf(scope: string): string {
  return scope.split(".")[0] ?? scope;
}
