"use client";

import { useTimeZone } from "@/components/time";
import { describeDetails } from "@/lib/audit/describe-details";
import { formatDate } from "@/lib/text/date-format";
import { visibleText } from "@/lib/text/visible-text";

const ISO_TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** An audit entry's details, with times in the reader's zone. */
export function AuditDetails({ details, leftOut }: { details: unknown; leftOut?: string[] }) {
  const timeZone = useTimeZone();
  return visibleText(describeDetails(withTimes(details, timeZone), leftOut).join(" · "));
}

/** The same details with formatted times. */
function withTimes(value: unknown, timeZone: string): unknown {
  if (typeof value === "string") return ISO_TIME.test(value) ? formatDate(value, "exact", timeZone) : value;
  if (Array.isArray(value)) return value.map((each) => withTimes(each, timeZone));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withTimes(each, timeZone)]));
}
