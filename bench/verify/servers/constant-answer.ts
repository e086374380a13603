/** As long as the response of GET /api/v1/me, so that bare servers write as many bytes as ours. */
export const CONSTANT_ANSWER = JSON.stringify({
  success: true,
  data: {
    key: {
      id: "019377b2-6f1d-7c3e-9a5b-0c1d2e3f4a5b",
      name: "Zapier production",
      kind: "personal",
      prefix: "lk_pat_1a2b",
      last_four: "9f0e",
      scopes: ["events.read", "contacts.read", "messages.read", "reports.read"],
      resource: null,
      allowed_ips: [],
      created_at: "2026-01-01T00:00:00.000Z",
    },
    team: { id: "019377b2-6f1d-7c3e-9a5b-0c1d2e3f4a5c", slug: "bench", name: "Bench" },
    member: {
      id: "019377b2-6f1d-7c3e-9a5b-0c1d2e3f4a5d",
      name: "Mary Example",
      email: "mary.example@example.com",
      role: "Developer",
    },
    scopes: ["events.read", "contacts.read", "messages.read", "reports.read"],
    expires_at: "2026-12-31T00:00:00.000Z",
  },
});
