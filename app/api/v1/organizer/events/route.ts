import { createEvent, createEventSchema, listEvents, listEventsSchema } from "@/lib/organizer/events";
import { bearerRoute, readJson } from "@/lib/routes";

/** The example of a protected API: reading asks for `events.read`, writing for `events.write`. */
export const GET = bearerRoute({ scope: "events.read" }, async ({ key }, request) => {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  return listEvents(key.team.id, listEventsSchema.parse(query));
});

export const POST = bearerRoute({ scope: "events.write", successStatus: 201 }, async ({ key }, request) =>
  createEvent(key.team.id, await readJson(request, createEventSchema)),
);
