import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import pg from "pg";

const POOL_SIZE = 10;

/** As documented, without the default limit of ten requests per day and key. */
export const auth = betterAuth({
  baseURL: "http://127.0.0.1",
  secret: process.env.BETTER_AUTH_SECRET,
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: POOL_SIZE }),
  logger: { disabled: true },
  telemetry: { enabled: false },
  plugins: [apiKey({ rateLimit: { enabled: false } })],
});
