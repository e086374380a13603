import { MANAGE_ANY_KEYS, MANAGE_KEYS } from "@/lib/api-keys/kinds";

/** Which keys a calendar contains: the member's own and those they are the contact of, or all that they can view. */
export const FEED_SCOPES = ["mine", "team"] as const;
export type FeedScope = (typeof FEED_SCOPES)[number];

/** The permissions of which one is needed to create a calendar link. */
export const FEED_PERMISSIONS = { mine: MANAGE_ANY_KEYS, team: [MANAGE_KEYS.team] } as const;
