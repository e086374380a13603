import { appUrl, env } from "@/lib/env";

const VALID_DAYS = 90;
const MS_PER_DAY = 86_400_000;

/** The contact for vulnerabilities (RFC 9116), valid for 90 days from today; null without SECURITY_CONTACT. */
export function securityTxt(now: Date): string | null {
  const { SECURITY_CONTACT } = env();
  if (!SECURITY_CONTACT) return null;
  const today = Math.floor(now.getTime() / MS_PER_DAY);
  const expires = new Date((today + VALID_DAYS) * MS_PER_DAY).toISOString().replace(".000", "");
  const canonical = `${appUrl()}/.well-known/security.txt`;
  return `Contact: ${SECURITY_CONTACT}\nExpires: ${expires}\nCanonical: ${canonical}\n`;
}
