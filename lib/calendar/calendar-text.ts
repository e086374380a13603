import "server-only";
import ical, { escape as escapeText } from "ical-generator";
import { appUrl } from "@/lib/env";
import { visibleLine } from "@/lib/text/visible-text";

type Team = { slug: string; name: string };
type Expiry = { id: string; label: string; expiresAt: Date };

const REFRESH_SECONDS = 6 * 3_600;

/** A team's expiries as a calendar (RFC 5545). An event's UID is its key's, so a changed expiry moves the event. */
export function calendarText({ slug, name }: Team, expiries: Expiry[], now: Date): string {
  const { host } = new URL(appUrl());
  const calendar = ical({
    // The library escapes the texts of events, but not this one.
    name: escapeText(`API keys of ${visibleLine(name)}`, false),
    prodId: { company: "Latchkey", product: "API keys" },
    ttl: REFRESH_SECONDS,
  });
  for (const { id, label, expiresAt } of expiries) {
    calendar.createEvent({
      id: `${id}@${host}`,
      stamp: now,
      start: expiresAt,
      summary: `API key “${visibleLine(label)}” expires`,
      description: `Rotate the key or extend its expiration. Team: ${visibleLine(name)}`,
      url: `${appUrl()}/${slug}/settings/api-keys/${id}`,
    });
  }
  // The library leaves out the line break at the end, which section 3.1 requires.
  return `${calendar.toString()}\r\n`;
}
