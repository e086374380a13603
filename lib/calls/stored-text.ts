import { withoutSecret } from "@/lib/api-keys/token-shape";

/**
 * Sanitizes untrusted text for storage: a token sent in the wrong place is truncated to its start, and NUL, which
 * PostgreSQL's `text` can't hold, is removed.
 */
export function storedText(text: string): string;
export function storedText(text: string | null): string | null;
export function storedText(text: string | null): string | null {
  return text && withoutSecret(text).replaceAll("\0", "");
}
