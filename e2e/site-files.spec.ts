import { expect, test } from "./fixtures";
import { sendRaw } from "./raw-request";

test("browsers and crawlers get what they ask of every site, without signing in", async () => {
  const types = {
    "/favicon.ico": "image/x-icon",
    "/apple-touch-icon.png": "image/png",
    "/icon-512.png": "image/png",
    "/manifest.webmanifest": "application/manifest+json",
    "/robots.txt": "text/plain",
  };
  for (const [path, type] of Object.entries(types)) {
    const { status, headers, body } = await sendRaw({ path });
    expect({ status, type: headers["content-type"]?.split(";")[0] }, path).toEqual({ status: 200, type });
    expect(headers["cache-control"], path).toBe("public, max-age=3600");
    expect(body.length, path).toBeGreaterThan(0);
  }
  expect((await sendRaw({ path: "/robots.txt" })).body).toBe("User-agent: *\nDisallow: /\n");
});

test("what no team can be called is not found, and asks nobody to sign in", async () => {
  for (const path of ["/wp-login.php", "/sitemap.xml", "/.well-known/nothing", "/.git/config", "/.well-known"]) {
    expect((await sendRaw({ path })).status, path).toBe(404);
  }
});

test("password managers find where to change the password", async () => {
  const { status, headers } = await sendRaw({ path: "/.well-known/change-password" });
  expect(status).toBe(303);
  expect(new URL(headers.location ?? "").pathname).toBe("/account");
});

test("security.txt says whom to write to about a vulnerability, and until when it holds", async () => {
  const { status, headers, body } = await sendRaw({ path: "/.well-known/security.txt" });
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
  expect(body).toContain("Contact: mailto:security@example.com\n");
  const expires = new Date(/^Expires: (.*)$/m.exec(body)?.[1] ?? "").getTime();
  expect(expires).toBeGreaterThan(Date.now());
  expect(expires).toBeLessThan(Date.now() + 365 * 86_400_000);
});
