/** How long a link can be used. */
export const INVITATION_DAYS = 7;
/** Open ones at a time in one team; a mail goes out for each. */
export const MAX_OPEN_INVITATIONS = 200;
