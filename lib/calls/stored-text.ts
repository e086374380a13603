import { withoutSecret } from "@/lib/api-keys/token-shape";

/**
 * Text from outside as it is stored: a token that somebody sent in the wrong place is cut to its start, and NUL, which
 * PostgreSQL's text can't hold, is left out.
 */
export function storedText(text: string): string;
export function storedText(text: string | null): string | null;
export function storedText(text: string | null): string | null {
  return text && withoutSecret(text).replaceAll("\0", "");
}
