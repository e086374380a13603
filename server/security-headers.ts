import { randomBytes } from "node:crypto";

const TWO_YEARS_SECONDS = 63_072_000;

/** The console needs no device features, and embedded pages must not request any. */
const NO_FEATURES = ["camera", "display-capture", "geolocation", "microphone", "payment", "usb"];

/** Also passed to Next, which takes its scripts' nonce from it. */
export function contentSecurityPolicy(dev: boolean): string {
  const nonce = `'nonce-${randomBytes(16).toString("base64")}'`;
  return [
    "default-src 'self'",
    // The development overlay evaluates code, injects styles and uses a WebSocket.
    `script-src 'self' ${nonce} 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${dev ? "'unsafe-inline'" : nonce}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${dev ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/**
 * Headers of every response. The referrer never leaves the console, because setup links contain a code; `no-referrer`
 * would also make browsers send `Origin: null` with our own forms.
 */
export function securityHeaders(policy: string, isHttps: boolean): Record<string, string> {
  return {
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": NO_FEATURES.map((feature) => `${feature}=()`).join(", "),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    ...(isHttps && { "strict-transport-security": `max-age=${TWO_YEARS_SECONDS}` }),
  };
}
