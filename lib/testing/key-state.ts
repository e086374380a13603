import { db } from "@/lib/database/db";
import { decideAboutToken } from "@/lib/testing/decide-about-token";

/** The current decision code for a token. */
export const codeOf = async (token: string) => (await decideAboutToken(token)).code;

/** A key's database row. */
export const rowOf = (id: string) => db.apiKey.findUniqueOrThrow({ where: { id } });
