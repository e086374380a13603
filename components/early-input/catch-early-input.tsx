import { headers } from "next/headers";

/**
 * Runs before anything is painted: what is pressed or sent while the page's code is still on its way is kept
 * on the document, for {@link ReplayEarlyInput}, instead of being lost or sent the way of a page without code.
 */
const SCRIPT = `{
  const keep = (event) => {
    if (document.isReady) return;
    if (event.type === "submit") event.preventDefault();
    const button = event.type === "submit" ? event.submitter : event.target.closest("button");
    if (button) document.earlyButton = button;
  };
  addEventListener("click", keep, true);
  addEventListener("submit", keep, true);
}`;

export async function CatchEarlyInput() {
  const policy = (await headers()).get("content-security-policy");
  const nonce = policy?.match(/'nonce-([^']+)'/)?.[1];
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant, and the only script that can run before the others.
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: SCRIPT }} />;
}
