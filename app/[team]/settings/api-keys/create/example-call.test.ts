import { expect, test } from "vitest";
import { exampleCall } from "./example-call";

test("a key that only verifies is tried with a verification, every other with /me", () => {
  const url = "https://keys.example.com/api/v1";
  expect(exampleCall(url, "lk_key_1", ["keys.verify"])).toBe(
    `curl -H "Authorization: Bearer lk_key_1" -H "Content-Type: application/json" -d '{"token":"the token to check"}' ${url}/verify`,
  );
  for (const scopes of [["events.read"], ["events.read", "keys.verify"], []]) {
    expect(exampleCall(url, "lk_key_1", scopes)).toBe(`curl -H "Authorization: Bearer lk_key_1" ${url}/me`);
  }
});
