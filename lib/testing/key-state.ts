import { db } from "@/lib/database/db";
import { decideAboutToken } from "@/lib/testing/decide-about-token";

/** What the verification says of a token now. */
export const codeOf = async (token: string) => (await decideAboutToken(token)).code;

/** A key as it is stored. */
export const rowOf = (id: string) => db.apiKey.findUniqueOrThrow({ where: { id } });
