import type { NextConfig } from "next";

const config: NextConfig = {
  // `npm test` builds beside, so that a console that runs keeps its files.
  distDir: process.env.LATCHKEY_DIST_DIR || ".next",
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
