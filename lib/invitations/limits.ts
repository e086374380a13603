/** How long a link can be used. */
export const INVITATION_DAYS = 7;
/** How long one that nobody used stays in the list, to invite again. */
export const EXPIRED_LISTED_DAYS = 30;
/** Open ones at a time in one team; a mail goes out for each. */
export const MAX_OPEN_INVITATIONS = 200;
/** Expired ones that are listed, the latest of them. */
export const MAX_EXPIRED_LISTED = 100;
