import { expect, test } from "vitest";
import { requestId } from "./request-id.ts";

test("new ids are all different", () => {
  const ids = Array.from({ length: 1_000 }, () => requestId(undefined));
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
});
