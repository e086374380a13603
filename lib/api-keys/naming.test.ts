import { expect, test } from "vitest";
import { vagueNameHint } from "@/lib/api-keys/naming";

test.each([
  "test",
  "new key",
  "New Key",
  "API key",
  "my api key",
  "key",
  "Key 2",
  "token",
  "api_key",
  "test-key",
  "test key 3",
  "temp",
  "untitled",
  "asdf",
  "foo",
  "x",
  "1",
  "my key",
  "secret",
  "old token",
  "demo",
])("“%s” is called vague", (name) => {
  expect(vagueNameHint(name)).toContain(`“${name}” will be hard to recognize later`);
});

test.each([
  "Zapier production",
  "CI staging",
  "billing-worker eu-west-1",
  "Grafana",
  "production",
  "Testflight uploads",
  "Keycloak sync",
  "Tokenizer batch",
  "Newsletter",
  "Мобильное приложение",
  "請求書",
  "apiary",
  "test of the Zapier flow",
])("“%s” is not", (name) => {
  expect(vagueNameHint(name)).toBeNull();
});

test("no name at all is answered with an example", () => {
  expect(vagueNameHint("   ")).toContain("Zapier production");
});

test("a name crafted to slow down the pattern is checked quickly", () => {
  const started = performance.now();
  vagueNameHint(`${"_".repeat(79)}!`);
  expect(performance.now() - started).toBeLessThan(100);
});
