import { describe, expect, test, vi } from "vitest";

async function originsWith(variables: { APP_URL?: string; PORT?: string }): Promise<string[]> {
  vi.resetModules();
  vi.stubEnv("APP_URL", variables.APP_URL ?? "");
  vi.stubEnv("PORT", variables.PORT ?? "");
  const { allowedOrigins } = await import("@/lib/env");
  const origins = allowedOrigins();
  vi.unstubAllEnvs();
  return origins;
}

describe("the origins that changes may come from", () => {
  test("are APP_URL alone, where it is set", async () => {
    const origins = await originsWith({ APP_URL: "https://keys.example.com", PORT: "8080" });
    expect(origins).toEqual(["https://keys.example.com"]);
  });

  test("are the names this machine calls itself by, where it is not", async () => {
    const origins = await originsWith({ PORT: "8080" });
    expect(origins).toEqual(["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"]);
  });
});
