import { appUrl } from "@/lib/env";

/** Redirect for password managers (W3C, "A Well-Known URL for Changing Passwords"). */
export function GET(): Response {
  return Response.redirect(`${appUrl()}/account`, 303);
}
