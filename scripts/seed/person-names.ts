import { pick, type Random } from "./random.ts";

const FIRST_NAMES = words(`
  Ada Aisha Alan Ana Anna Arjun Barbara Ben Carla Chen Clara Daniel David Diego Elena Elif Emma Erik Fatima
  Felix Grace Hana Hugo Ida Ines Ivan James Jan Jonas Julia Kai Karen Kofi Lars Laura Lena Leo Lin Lucia Marco
  Maria Marta Maya Mei Milan Mohammed Nadia Nils Noah Nora Olga Oscar Paul Pedro Priya Rahel Ravi Rosa Ruth
  Samuel Sara Sofia Stefan Tariq Thomas Tomás Uma Vera Wei Yuki Yusuf Zoe
`);

const LAST_NAMES = words(`
  Adeyemi Aguilar Ahmed Andersen Bauer Becker Berg Bianchi Brown Castro Chen Cohen Costa Dubois Eriksen
  Fernández Fischer Garcia Graf Gupta Haddad Hansen Hoffmann Ivanov Jansen Jones Kaya Keller Khan Kim Kowalski
  Larsen Lehmann Lopez Marino Martin Mehta Meier Meyer Moreau Müller Nakamura Ndiaye Nguyen Novak Okafor Okoye
  Olsen Patel Pereira Petrov Popescu Ricci Rossi Santos Sato Schmidt Silva Singh Smith Suzuki Tanaka Taylor
  Vogel Wagner Walker Wang Weber Williams Yılmaz Zhang Zimmermann
`);

export type Person = { name: string; email: string };

/** Generates a person whose address isn't in `taken` yet, and adds it. */
export function makeUpPerson(random: Random, taken: Set<string>): Person {
  const name = `${pick(random, FIRST_NAMES)} ${pick(random, LAST_NAMES)}`;
  const mailbox = mailboxOf(name);
  let email = `${mailbox}@example.com`;
  for (let number = 2; taken.has(email); number++) email = `${mailbox}${number}@example.com`;
  taken.add(email);
  return { name, email };
}

function mailboxOf(name: string): string {
  const withoutAccents = name.replaceAll("ı", "i").normalize("NFKD").replace(/\p{M}/gu, "");
  return withoutAccents.toLowerCase().replace(" ", ".");
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
