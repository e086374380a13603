import { pick, pickWeighted, type Random } from "./random.ts";

/** API clients with their user agents. */
const CALLERS = [
  { name: "Zapier", userAgent: "Zapier" },
  { name: "n8n", userAgent: "n8n" },
  { name: "Make", userAgent: "Make/production" },
  { name: "GitHub Actions", userAgent: "curl/8.5.0" },
  { name: "Warehouse", userAgent: "python-requests/2.32.3" },
  { name: "Airflow", userAgent: "python-httpx/0.28.1" },
  { name: "Metabase", userAgent: "Apache-HttpClient/5.4 (Java/21.0.5)" },
  { name: "Grafana", userAgent: "Grafana/11.4.0" },
  { name: "Mobile backend", userAgent: "okhttp/4.12.0" },
  { name: "Website", userAgent: "axios/1.7.9" },
  { name: "Newsletter", userAgent: "node" },
  { name: "CRM", userAgent: "GuzzleHttp/7" },
  { name: "Ticket shop", userAgent: "Go-http-client/2.0" },
  { name: "Check-in app", userAgent: "Dart/3.6 (dart:io)" },
  { name: "Accounting", userAgent: "RestSharp/112.1.0.0" },
  { name: "Slack bot", userAgent: "undici" },
  { name: "Postman", userAgent: "PostmanRuntime/7.43.0" },
  { name: "Data export", userAgent: "Ruby" },
] as const;

const PLACES = [
  "production",
  "production",
  "production",
  "staging",
  "development",
  "nightly sync",
  "hourly import",
  "EU",
  "US",
  "integration tests",
  "webhook relay",
  "migration 2025",
  "backup",
  "monitoring",
  "read only",
  "demo",
] as const;

const VAGUE_NAMES = [
  "test",
  "test2",
  "Test key",
  "new key",
  "my key",
  "api key",
  "key",
  "tmp",
  "asdf",
  "token 1",
] as const;

export type Caller = { name: string | null; userAgent: string };

/** A key's name and client: mostly descriptive, some vague, some without a name, with repetitions. */
export function makeUpCaller(random: Random): Caller {
  const { name, userAgent } = pick(random, CALLERS);
  const kind = pickWeighted(random, [
    [82, "telling"],
    [11, "vague"],
    [7, "none"],
  ]);
  if (kind === "telling") return { name: `${name} ${pick(random, PLACES)}`, userAgent };
  return { name: kind === "vague" ? pick(random, VAGUE_NAMES) : null, userAgent };
}
