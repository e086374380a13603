import { buildDir } from "./scripts/build/build-dir.mjs";

/** @type {import("next").NextConfig} */
const config = {
  distDir: `${buildDir()}/console`,
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` checks types; a start must not wait for it.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  serverExternalPackages: ["@node-rs/argon2", "pg", "pino", "rate-limiter-flexible"],
  experimental: {
    // forbidden() answers 403 for a member who lacks the permission of a page.
    authInterrupts: true,
    serverActions: { bodySizeLimit: "64kb" },
  },
};

export default config;
