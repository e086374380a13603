import { expect, test } from "vitest";
import { pagePath } from "@/lib/auth/page-path";

test.each([
  [{}, "/acme/settings/api-keys"],
  [{ q: "zap & go", status: "active" }, "/acme/settings/api-keys?q=zap+%26+go&status=active"],
  [{ q: ["a", "b"], status: undefined }, "/acme/settings/api-keys?q=a&q=b"],
])("a page with the query %j comes back as it was", (query, path) => {
  expect(pagePath("/acme/settings/api-keys", query)).toBe(path);
});
