// Text direction overrides (Unicode TR 36, 2.2), and separators and control characters that JSON doesn't escape: some
// programs end a line at them, and a terminal reads U+009B as the start of an escape sequence.
const MISLEADING = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const CONTROL = /\p{Cc}/gu;

/**
 * Shows text direction overrides and similar characters as escapes, so that a name can't reorder the surrounding text
 * or end its line.
 */
export function visibleText(text: string): string {
  return text.replace(MISLEADING, escapeOf);
}

/** The same for single lines: line breaks and other control characters are escaped as well. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(CONTROL, escapeOf);
}

const escapeOf = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
