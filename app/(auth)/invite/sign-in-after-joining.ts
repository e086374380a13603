import type { Joined } from "@/lib/invitations/accept-invitation";

/**
 * Signs in with the chosen password through next-auth's endpoint, and returns the next page: the team, or the sign-in
 * form if that failed.
 */
export async function signInAfterJoining({ team, email }: Joined, password: string): Promise<string> {
  const goOnTo = `/${team.slug}`;
  try {
    const { csrfToken } = await (await fetch("/api/auth/csrf")).json();
    const body = new URLSearchParams({ email, password, csrfToken, json: "true" });
    const response = await fetch("/api/auth/callback/credentials", { method: "POST", body });
    if (response.ok) return goOnTo;
  } catch {
    // The account exists; the user signs in manually.
  }
  return `/sign-in?callbackUrl=${encodeURIComponent(goOnTo)}`;
}
