import type { Joined } from "@/lib/invitations/accept-invitation";

/**
 * Signs in with the password that was just chosen, through next-auth's own endpoint, and returns where to go on: the
 * team, or the sign-in form in front of it when that didn't work.
 */
export async function signInAfterJoining({ team, email }: Joined, password: string): Promise<string> {
  const goOnTo = `/${team.slug}`;
  try {
    const { csrfToken } = await (await fetch("/api/auth/csrf")).json();
    const body = new URLSearchParams({ email, password, csrfToken, json: "true" });
    const response = await fetch("/api/auth/callback/credentials", { method: "POST", body });
    if (response.ok) return goOnTo;
  } catch {
    // The account is there: they sign in by hand.
  }
  return `/sign-in?callbackUrl=${encodeURIComponent(goOnTo)}`;
}
