const VAGUE =
  /^(my|the|a|new|old|some|temp|tmp)?[\s_-]*(api|access|secret)?[\s_-]*(key|token|test|testing|temp|tmp|foo|bar|asdf|abc|xxx|untitled|name|demo|new|stuff|thing)?[\s_-]*(key|token)?[\s_-]*\d*$/i;

/** A hint for a missing or vague name, else null. */
export function vagueNameHint(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed === "") return "Name the system and environment, e.g. “Zapier production”.";
  if (VAGUE.test(trimmed) || trimmed.length < 3) {
    return `“${trimmed}” will be hard to recognize later. Name the system and environment, e.g. “Zapier production”.`;
  }
  return null;
}
