/** Lifetime of a link. */
export const INVITATION_DAYS = 7;
/** How long an expired invitation stays in the list, for renewal. */
export const EXPIRED_LISTED_DAYS = 30;
/** Per team; each sends a mail. */
export const MAX_OPEN_INVITATIONS = 200;
/** The latest ones are listed. */
export const MAX_EXPIRED_LISTED = 100;
