import { describe, expect, test, vi } from "vitest";
import { EnvError, readEnv } from "./env";

describe("the environment", () => {
  test("needs nothing set: the console runs on this machine with its own database", () => {
    expect(readEnv({})).toMatchObject({ PORT: 3000, DATA_DIR: ".data", TRUSTED_PROXIES: [], LOG_LEVEL: "info" });
    expect(readEnv({}).DATABASE_URL).toBeUndefined();
  });

  test("takes an empty variable for an absent one", () => {
    expect(readEnv({ PORT: "", APP_URL: "", DATABASE_URL: "" })).toEqual(readEnv({}));
  });

  test("takes APP_URL with a slash at the end for the origin it means", () => {
    expect(readEnv({ APP_URL: "https://keys.example.com/" }).APP_URL).toBe("https://keys.example.com");
  });

  describe.each(["TRUSTED_PROXIES", "METRICS_ALLOW"] as const)("takes for %s", (name) => {
    test("addresses and ranges, as ranges", () => {
      const ranges = "10.0.0.0/8, ::1 ,192.0.2.7,::ffff:172.16.0.0/108,";
      expect(readEnv({ [name]: ranges })[name]).toEqual(["10.0.0.0/8", "::1/128", "192.0.2.7/32", "172.16.0.0/12"]);
    });

    test.each([
      ["010.0.0.0/8", "“010.0.0.0/8” isn't an IP address"],
      ["0/0", "“0/0” isn't an IP address"],
      ["10/8", "“10/8” isn't an IP address"],
      ["10.0.0.0/33", "“10.0.0.0/33” isn't an IP address"],
      ["proxy.example.com", "“proxy.example.com” isn't an IP address"],
      ["fe80::1%eth0", "“fe80::1%eth0” isn't an IP address"],
      ["::1, 10.1.2.3/8", "Enter 10.0.0.0/8 for the whole range"],
      ["0.0.0.0/0", "“0.0.0.0/0” covers every IP address"],
    ])("nothing that could be read in two ways, or isn't meant: %s", (value, sentence) => {
      expect(() => readEnv({ [name]: value })).toThrow(sentence);
    });
  });

  test.each([
    ["PORT", "http"],
    ["PORT", "0"],
    ["PORT", "65536"],
    ["PORT", "80.5"],
    ["APP_URL", "keys.example.com"],
    ["APP_URL", "ftp://keys.example.com"],
    ["APP_URL", "https://example.com/keys"],
    ["VERIFIER_URL", "verifier.example.com"],
    ["VERIFIER_URL", "https://example.com/keys"],
    ["DATABASE_URL", "mysql://user@host/db"],
    ["DATABASE_URL", "localhost"],
    ["AUTH_SECRET", "too short"],
    ["AUTH_SECRET", " ".repeat(64)],
    ["AUTH_SECRET", "\u00a0\u3000\t".repeat(32)],
    ["AUTH_SECRET", "\u200b\u2060\u00ad\ufeff".repeat(32)],
    ["AUTH_SECRET", "\u3164\u2800\u0001".repeat(32)],
    ["AUTH_SECRET", `${"x".repeat(31)}\u200b`],
    ["SECURITY_CONTACT", "security"],
    ["SECURITY_CONTACT", "mailto:a@example.com\nExpires: 2000"],
    ["TOKEN_PREFIX_PERSONAL", "LK_"],
    ["TOKEN_PREFIX_TEAM", "lk"],
    ["TOKEN_PREFIX_TEAM", "lk_ses_"],
    ["TRUSTED_PROXIES", "10.0.0.0/33"],
    ["TRUSTED_PROXIES", "proxy.example.com"],
    ["METRICS_ALLOW", "100.64.0.0/33"],
    ["METRICS_TOKEN", "fifteen-letters"],
    ["METRICS_TOKEN", "sixteen letters!"],
    ["LOG_LEVEL", "loud"],
    ["SMTP_URL", "mail.example.com"],
    ["SMTP_URL", "https://mail.example.com"],
    ["MAIL_FROM", "keys"],
    ["MAIL_FROM", "a@example.com, b@example.com"],
    ["MAIL_FROM", "a@example.com\nBcc: b@example.com"],
  ])("says that %s can't be %s", (name, value) => {
    const read = () => readEnv({ [name]: value });
    expect(read).toThrow(EnvError);
    expect(read).toThrow(new RegExp(`^${name} must .*\\.$`));
  });

  test("refuses two kinds of tokens with one prefix", () => {
    expect(() => readEnv({ TOKEN_PREFIX_TEAM: "lk_pat_" })).toThrow("TOKEN_PREFIX_TEAM must differ");
  });

  test("takes a mail server with a sender, and refuses one without", () => {
    const SMTP_URL = "smtp://user:p%40ss@mail.example.com:587";
    for (const MAIL_FROM of ["keys@example.com", "Latchkey <keys@example.com>"]) {
      expect(readEnv({ SMTP_URL, MAIL_FROM })).toMatchObject({ SMTP_URL, MAIL_FROM });
    }
    expect(() => readEnv({ SMTP_URL })).toThrow("MAIL_FROM must be set together with SMTP_URL");
  });

  test("refuses an admin's address without a password", () => {
    expect(() => readEnv({ ADMIN_EMAIL: "a@example.com" })).toThrow("ADMIN_PASSWORD must be set together");
  });
});

describe("the origins that changes may come from", () => {
  async function originsWith(variables: { APP_URL?: string; PORT?: string }): Promise<string[]> {
    vi.resetModules();
    vi.stubEnv("APP_URL", variables.APP_URL ?? "");
    vi.stubEnv("PORT", variables.PORT ?? "");
    const { allowedOrigins } = await import("./env");
    const origins = allowedOrigins();
    vi.unstubAllEnvs();
    return origins;
  }

  test("are APP_URL alone, where it is set", async () => {
    const origins = await originsWith({ APP_URL: "https://keys.example.com", PORT: "8080" });
    expect(origins).toEqual(["https://keys.example.com"]);
  });

  test("are the names this machine calls itself by, where it is not", async () => {
    const origins = await originsWith({ PORT: "8080" });
    expect(origins).toEqual(["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"]);
  });
});
