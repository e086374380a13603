// Overrides that make text read differently from what it is (Unicode TR 36, 2.2).
const BIDIRECTIONAL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const CONTROL = /\p{Cc}/gu;

/** Shows direction overrides as escapes, so that a name can't reorder the words around it. */
export function visibleText(text: string): string {
  return text.replace(BIDIRECTIONAL, escapeOf);
}

/** The same for what is one line by its nature: line breaks and other controls show as escapes as well. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(CONTROL, escapeOf);
}

const escapeOf = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
