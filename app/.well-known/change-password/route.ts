import { appUrl } from "@/lib/env";

/** Where password managers send people to change their password (W3C, "A Well-Known URL for Changing Passwords"). */
export function GET(): Response {
  return Response.redirect(`${appUrl()}/account`, 303);
}
