const FORMS = {
  day: { dateStyle: "medium" },
  shortDay: { day: "numeric", month: "short" },
  longDay: { dateStyle: "long" },
  time: { dateStyle: "medium", timeStyle: "medium" },
  exact: { dateStyle: "medium", timeStyle: "long" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

// Cached: creating a formatter costs a thousand times as much as using it, and a page of keys has hundreds of dates.
const made = new Map<string, Intl.DateTimeFormat>();

/** Formats an instant in one of the product's date formats. `timeZone` is an IANA name; default: the reader's. */
export function formatDate(date: string | Date, form: keyof typeof FORMS, timeZone?: string): string {
  const key = `${form} ${timeZone}`;
  let format = made.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", { ...FORMS[form], timeZone });
    made.set(key, format);
  }
  return format.format(typeof date === "string" ? Date.parse(date) : date);
}
