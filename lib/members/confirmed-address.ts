type Person = { email: string; confirmedEmail: string | null };

/**
 * Whether a user's address is confirmed: by mail or the operator, or in a team by who manages its members. What was
 * confirmed is the address and not the person, so another address is unconfirmed by itself.
 */
export function isAddressConfirmed(user: Person, member?: { confirmedEmail: string | null }): boolean {
  return user.email === user.confirmedEmail || user.email === member?.confirmedEmail;
}

/** Whether it is confirmed for good, or in every team that its person belongs to. */
export function isAddressConfirmedEverywhere(user: Person, members: { confirmedEmail: string | null }[]): boolean {
  return (
    isAddressConfirmed(user) || (members.length > 0 && members.every((member) => isAddressConfirmed(user, member)))
  );
}

/** An address as people see it: marked while nobody has confirmed it. */
export const markedAddress = (email: string, isConfirmed: boolean) => (isConfirmed ? email : `${email}, unconfirmed`);

/**
 * The same rule in SQL, for what programs take for identity: the address once it is confirmed, else an empty text. `user`
 * and `member` are the names of the rows.
 */
export const sqlConfirmedAddress = (user: string, member: string) =>
  `case when ${user}.email in (${user}.confirmed_email, ${member}.confirmed_email) then ${user}.email else '' end`;
