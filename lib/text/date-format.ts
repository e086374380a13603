const FORMS = {
  day: { dateStyle: "medium" },
  shortDay: { day: "numeric", month: "short" },
  longDay: { dateStyle: "long" },
  time: { dateStyle: "medium", timeStyle: "medium" },
  exact: { dateStyle: "medium", timeStyle: "long" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

// Making a formatter costs a thousand times what using it does, and a page of keys has hundreds of dates.
const made = new Map<string, Intl.DateTimeFormat>();

/** An instant in one of the product's date forms; `timeZone` is an IANA name, or the reader's own when left out. */
export function formatDate(date: string | Date, form: keyof typeof FORMS, timeZone?: string): string {
  const key = `${form} ${timeZone}`;
  let format = made.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", { ...FORMS[form], timeZone });
    made.set(key, format);
  }
  return format.format(typeof date === "string" ? Date.parse(date) : date);
}
