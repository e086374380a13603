import "server-only";
import { z } from "zod";
import { db, inTransaction } from "@/lib/database/db";
import { cursorParameter, pageOf, pageQuery } from "@/lib/http/page-cursor";
import { plainText } from "@/lib/text/plain-text";

const MAX_PAGE_SIZE = 100;

export const createEventSchema = z.strictObject({
  name: plainText(200).pipe(z.string().min(1, "Enter a name.")),
  starts_at: z.iso
    .datetime({ offset: true, error: "Send a timestamp like 2027-05-01T18:00:00Z." })
    .transform((text) => new Date(text))
    .refine(
      (date) => date.getUTCFullYear() >= 1970 && date.getUTCFullYear() < 2200,
      "Send a year between 1970 and 2199.",
    ),
});

// Unknown parameters are ignored, as in most APIs.
export const listEventsSchema = z.object({
  limit: z.coerce.number("Send a whole number.").int("Send a whole number.").min(1).max(MAX_PAGE_SIZE).default(50),
  cursor: cursorParameter,
});

const select = { id: true, name: true, startsAt: true, createdAt: true } as const;
type EventRow = { id: string; name: string; startsAt: Date; createdAt: Date };

const toJson = ({ id, name, startsAt, createdAt }: EventRow) => ({
  id,
  name,
  starts_at: startsAt.toISOString(),
  created_at: createdAt.toISOString(),
});

/** Whose events: a team's, or only the one that its key is restricted to. */
type Reader = { team: { id: string }; resource: string | null };

/** A page of the events visible to the reader, newest first; `next_cursor` is null on the last page. */
export async function listEvents({ team, resource }: Reader, { limit, cursor }: z.output<typeof listEventsSchema>) {
  const page = { after: cursor ?? null, before: null };
  const { where, ...query } = pageQuery("createdAt", page, limit);
  const found = await db.organizerEvent.findMany({
    where: { teamId: team.id, AND: [where, resource === null ? {} : { id: eventIdOf(resource) }] },
    ...query,
    select,
  });
  const { rows, older } = pageOf(found, page, limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  return { events: rows.map(toJson), next_cursor: older };
}

/** A key restricted to another resource type sees no event: no event has this ID. */
function eventIdOf(resource: string): string {
  const id = resource.startsWith("event:") ? resource.slice("event:".length) : "";
  return z.guid().safeParse(id).success ? id : NIL_ID;
}

const NIL_ID = "00000000-0000-0000-0000-000000000000";

export async function createEvent(teamId: string, input: z.output<typeof createEventSchema>) {
  const data = { teamId, name: input.name, startsAt: input.starts_at };
  return toJson(await inTransaction((tx) => tx.organizerEvent.create({ data, select })));
}
