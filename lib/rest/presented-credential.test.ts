import { expect, test } from "vitest";
import { generateToken, newSecret } from "@/lib/api-keys/token";
import { presentedCredential } from "@/lib/rest/presented-credential";

const personal = generateToken("personal").token;
const team = generateToken("team").token;
const session = newSecret("lk_ses_");
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

test.each([
  ["nothing", undefined, "none"],
  ["an empty header", "", "none"],
  ["Basic credentials of a proxy", basic("admin:secret"), "none"],
  ["another scheme", "Digest username=x", "none"],
  ["a session token", `Bearer ${session}`, "session_token"],
  ["a session token in odd case", `bEaReR   ${session}`, "session_token"],
  ["a personal key", `Bearer ${personal}`, "api_key"],
  ["a team key", `Bearer ${team}`, "api_key"],
  ["a key that was cut off", `Bearer ${personal.slice(0, 20)}`, "api_key"],
  ["a key with a prefix of before", `Bearer ${newSecret("old_prefix_")}`, "api_key"],
  ["a key as Basic password", basic(`id:${team}`), "api_key"],
  ["a key as Basic user", basic(`${personal}:`), "api_key"],
  ["something else", "Bearer eyJhbGciOi.J9.e30", "unknown"],
  ["Bearer and nothing", "Bearer", "malformed"],
  ["two tokens", `Bearer ${session}, Bearer ${personal}`, "malformed"],
  ["a token behind Basic", `${basic("a:b")}, Bearer ${session}`, "malformed"],
])("%s is told apart", (_, header, kind) => expect(presentedCredential(header).kind).toBe(kind));
