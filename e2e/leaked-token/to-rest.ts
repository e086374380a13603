import { asJson, leaksIn, type Send } from "./canary";

const LIST_PARAMETERS = ["q", "status", "kind", "owner", "cursor", "limit"];

/** Sends the token to the management API, as a signed-in user and as somebody who found it. */
export async function sendToRest(send: Send, key: string, token: string): Promise<void> {
  const narrowing = { resource: { type: "event", id: key }, allowed_ips: ["192.0.2.1"] };
  const create = { name: "Name", kind: "personal", scopes: ["events.read"], expires_in: "90d", ...narrowing };
  const calls: [method: string, path: string, body: unknown][] = [
    ["POST", "/api/v1/api-keys", create],
    ["PATCH", `/api/v1/api-keys/${key}`, { name: "Name", expires_at: "2090-01-01T00:00:00Z", ...narrowing }],
    ["POST", `/api/v1/api-keys/${key}/rotate`, { overlap: "24h", expires_in: "90d" }],
    ["POST", "/api/v1/organizer/events", { name: "Name", starts_at: "2090-01-01T00:00:00Z" }],
  ];
  for (const [method, path, body] of calls) {
    for (const [place, leak] of [body, ...leaksIn(body, token)].entries()) {
      const headers = { ...asJson, "idempotency-key": place === 0 ? token : `${token}-${place}` };
      await send(path, { method, headers, body: JSON.stringify(leak) });
      await send(path, {
        method,
        headers: { ...headers, cookie: "", authorization: `Bearer ${token}` },
        body: JSON.stringify(leak),
      });
    }
    await send(path, { method, headers: asJson, body: token });
    await send(path, { method, headers: { "content-type": token }, body: JSON.stringify(body) });
  }
  for (const name of [...LIST_PARAMETERS, token]) {
    await send(`/api/v1/api-keys?${name}=${token}`);
    await send(`/api/v1/organizer/events?${name}=${token}`, { headers: { authorization: `Bearer ${token}` } });
  }
  await send("/api/v1/api-keys", { headers: { "x-team": token } });
  await send(`/api/v1/api-keys/${token}`, { method: "DELETE" });
  await send("/api/v1/session-token", { method: "POST" });
  await send(`/api/v1/openapi.json?${token}=${token}`);
}
