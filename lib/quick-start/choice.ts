import "server-only";
import { z } from "zod";
import { apiPermissions } from "@/lib/permissions/catalog";
import { INTEGRATION_NAMES } from "@/lib/quick-start/integrations";

/** A snippet's scopes, one for reading and one for writing. */
export type ScopePair = { read: string; write: string };

/** The page's URL parameters; invalid values are ignored. */
export function readChoice(query: Record<string, unknown>) {
  const offered = offeredScopes();
  return z
    .object({
      for: z.enum(INTEGRATION_NAMES).catch("curl"),
      read: z.enum(offered.read).catch(offered.read[0]),
      write: z.enum(offered.write).catch(offered.write[0]),
    })
    .parse(query);
}

/** The catalog's scopes by access; if it has only one kind, both lists contain it. */
export function offeredScopes(): { read: [string, ...string[]]; write: [string, ...string[]] } {
  const all = apiPermissions() as [string, ...string[]];
  const [read, write] = [apiPermissions("read"), apiPermissions("write")];
  return {
    read: read.length > 0 ? (read as [string, ...string[]]) : all,
    write: write.length > 0 ? (write as [string, ...string[]]) : all,
  };
}

/** The scopes of another part of the API for the second example, if the catalog has one. */
export function otherPair({ read, write }: ScopePair): ScopePair {
  const part = partOf(read);
  const offered = offeredScopes();
  const otherRead = offered.read.find((scope) => partOf(scope) !== part);
  if (!otherRead) return { read, write };
  const own = offered.write.find((scope) => partOf(scope) === partOf(otherRead));
  return { read: otherRead, write: own ?? otherRead };
}

/** The part of the API that a scope belongs to: `events` for `events.read`. */
export function partOf(scope: string): string {
  return scope.split(".")[0] ?? scope;
}
