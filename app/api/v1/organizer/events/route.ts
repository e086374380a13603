import { readQuery } from "@/lib/http/query";
import { apiRoute, readJson } from "@/lib/http/routes";
import { createEvent, createEventSchema, listEvents, listEventsSchema } from "@/lib/organizer/events";
import { ANY_RESOURCE } from "@/lib/verification/decide";
import { requireScope } from "@/lib/verification/require-scope";

/** The example of a protected API: reading requires `events.read`, writing `events.write`. */
export const GET = apiRoute(async (request) => {
  const { key } = await requireScope(request, "events.read", { resource: ANY_RESOURCE });
  return listEvents(key, readQuery(request, listEventsSchema));
});

/** A new event can't be one that a key is restricted to. */
export const POST = apiRoute(
  async (request) => {
    const { key } = await requireScope(request, "events.write");
    return createEvent(key.team.id, await readJson(request, createEventSchema));
  },
  { successStatus: 201 },
);
