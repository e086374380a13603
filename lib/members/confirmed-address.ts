type Person = { email: string; confirmedEmail: string | null };

/**
 * Whether a user's address is confirmed: by mail or by the operator, or in a team by a member who manages members. The
 * address is confirmed, not the user, so a changed address is unconfirmed.
 */
export function isAddressConfirmed(user: Person, member?: { confirmedEmail: string | null }): boolean {
  return user.email === user.confirmedEmail || user.email === member?.confirmedEmail;
}

/** Whether it is confirmed globally, or in each of the user's teams. */
export function isAddressConfirmedEverywhere(user: Person, members: { confirmedEmail: string | null }[]): boolean {
  return (
    isAddressConfirmed(user) || (members.length > 0 && members.every((member) => isAddressConfirmed(user, member)))
  );
}

/** An address as shown in the console: marked while unconfirmed. */
export const markedAddress = (email: string, isConfirmed: boolean) => (isConfirmed ? email : `${email}, unconfirmed`);

/**
 * The same rule in SQL, for values that programs take for identity: the confirmed address, otherwise an empty text.
 * `user` and `member` are the rows' aliases.
 */
export const sqlConfirmedAddress = (user: string, member: string) =>
  `case when ${user}.email in (${user}.confirmed_email, ${member}.confirmed_email) then ${user}.email else '' end`;
