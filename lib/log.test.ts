import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";

const TOKEN = `lk_pat_${"0123456789abcdef".repeat(4)}286c51e8`;

/** Logs in a separate process, to check its standard output. */
const SCRIPT = `
  const { log } = await import("./lib/log.ts");
  const token = process.env.TOKEN_TO_LOG;
  const secret = "hunter2";
  log.info("Bearer " + token);
  log.info({ a: { b: { c: [token] } } }, "deep");
  log.error({ err: new Error("bad token " + token) }, "failed");
  log.error({ err: new Error("outer", { cause: new Error("inner " + token) }) }, "failed for a cause");
  log.info({ [token]: 1 }, "as a key");
  log.info({ password: secret, user: { passwordHash: secret }, request: { headers: { authorization: secret, cookie: secret } } }, "named");
  log.info({ token: secret, a: { tokenHash: secret, secret } }, "named too");
  log.info({ name: "x\\n" + JSON.stringify({ level: "error", msg: "forged" }) }, "a\\nb");
  log.debug("not at this level");
`;

let output = "";
let lines: string[] = [];

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "--conditions=react-server", "--input-type=module", "--eval", SCRIPT],
    { env: { ...process.env, LOG_LEVEL: "info", TOKEN_TO_LOG: TOKEN } },
  );
  output = stdout;
  lines = stdout.trim().split("\n");
});

describe("the log", () => {
  test("has one JSON object a line, and no text can make a line of its own", () => {
    expect(lines).toHaveLength(8);
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), time: expect.any(String) });
    expect(lines.map((line) => JSON.parse(line).msg)).not.toContain("forged");
  });

  test("never has a token: not in a message, a field however deep, a field's name, an error or its cause", () => {
    expect(output).not.toContain(TOKEN.slice(11, 31));
    expect(output.match(/lk_pat_0123/g)?.length).toBeGreaterThanOrEqual(5);
  });

  test("never has what stands in a field named after a secret", () => {
    expect(output).not.toContain("hunter2");
    expect(output).toContain("[redacted]");
  });
});
