import { headers } from "next/headers";

/**
 * Runs before the first paint. Clicks and submits before the page's code has loaded are stored on the document for
 * {@link ReplayEarlyInput}, instead of being lost or handled without JavaScript. They are hidden from React, which may
 * already be listening, so that they take effect only once.
 */
const SCRIPT = `{
  const keep = (event) => {
    if (document.isReady) return;
    const button = event.type === "submit" ? event.submitter : event.target.closest("button");
    if (!button) return;
    event.stopImmediatePropagation();
    const isClick = event.type !== "pointerdown";
    if (isClick) event.preventDefault();
    document.earlyInput = { button, isClick };
  };
  for (const type of ["pointerdown", "click", "submit"]) addEventListener(type, keep, true);
}`;

export async function CatchEarlyInput() {
  const policy = (await headers()).get("content-security-policy");
  const nonce = policy?.match(/'nonce-([^']+)'/)?.[1];
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant, and the only script that can run before the others.
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: SCRIPT }} />;
}
