import { headers } from "next/headers";

/**
 * Runs before anything is painted: what is pressed or sent while the page's code is still on its way is kept on the
 * document, for {@link ReplayEarlyInput}, instead of being lost or sent the way of a page without code. React, which may
 * be listening already, doesn't hear of it, so that it happens once.
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
