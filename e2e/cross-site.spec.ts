import { BASE_URL, captureAction, cookieHeader, countKeys, createKey, expect, test } from "./fixtures";
import { sendRaw } from "./raw-request";

const FOREIGN: [what: string, headers: [string, string][]][] = [
  [
    "a cross-site page",
    [
      ["Origin", "https://evil.example"],
      ["Sec-Fetch-Site", "cross-site"],
    ],
  ],
  [
    "a same-site page of another host",
    [
      ["Origin", BASE_URL],
      ["Sec-Fetch-Site", "same-site"],
    ],
  ],
  ["a foreign origin in an old browser", [["Origin", "https://evil.example"]]],
  [
    "a foreign origin that claims to be ours",
    [
      ["Origin", "https://evil.example"],
      ["Sec-Fetch-Site", "same-origin"],
    ],
  ],
  ["a sandboxed frame", [["Origin", "null"]]],
  [
    "a sandboxed frame of ours",
    [
      ["Origin", "null"],
      ["Sec-Fetch-Site", "same-origin"],
    ],
  ],
  ["an origin that only begins like ours", [["Origin", `${BASE_URL}.evil.example`]]],
  ["an origin on another port", [["Origin", "http://localhost:1"]]],
  ["a malformed origin", [["Origin", "localhost"]]],
  ["nowhere that it would say", []],
  [
    "a proxy's word for our host",
    [
      ["Origin", "https://evil.example"],
      ["X-Forwarded-Host", "evil.example"],
    ],
  ],
  [
    "a forged Host",
    [
      ["Origin", "https://evil.example"],
      ["Host", "evil.example"],
    ],
  ],
];

test("a change that another site causes is refused before it is looked at", async ({ keysPage, context, team }) => {
  const call = await captureAction(keysPage, () => createKey(keysPage));
  const cookie = await cookieHeader(context);
  const path = new URL(call.url).pathname;
  const body = JSON.stringify(call.args);
  const action: [string, string][] = [
    cookie,
    ["Next-Action", call.id],
    ["Accept", "text/x-component"],
    ["Content-Type", "text/plain;charset=UTF-8"],
  ];
  for (const [what, headers] of FOREIGN) {
    const answer = await sendRaw({ method: "POST", path, headers: [...action, ...headers], body });
    expect([400, 403], `${what}: ${answer.status}`).toContain(answer.status);
    expect(answer.body).not.toContain("lk_pat_");
  }
  expect(await countKeys(team)).toBe(1);
  const own = await sendRaw({
    method: "POST",
    path,
    headers: [...action, ["Origin", BASE_URL], ["Sec-Fetch-Site", "same-origin"]],
    body,
  });
  expect(own.status).toBe(200);
  expect(await countKeys(team)).toBe(2);
});

test("another site can neither sign somebody in nor out", async ({ keysPage, context }) => {
  const cookie = await cookieHeader(context);
  const form: [string, string] = ["Content-Type", "application/x-www-form-urlencoded"];
  for (const path of ["/api/auth/signout", "/api/auth/callback/credentials"]) {
    for (const [what, headers] of FOREIGN.filter(([, given]) => given.length > 0)) {
      const answer = await sendRaw({
        method: "POST",
        path,
        headers: [cookie, form, ...headers],
        body: "csrfToken=forged&json=true",
      });
      expect([400, 403], `${path} ${what}: ${answer.status}`).toContain(answer.status);
    }
    const unsigned = await sendRaw({
      method: "POST",
      path,
      headers: [cookie, form],
      body: "csrfToken=forged&json=true",
    });
    expect(unsigned.status).toBeLessThan(500);
  }
  await keysPage.reload();
  await expect(keysPage.getByRole("heading", { name: "API keys", exact: true })).toBeVisible();
});
