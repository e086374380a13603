import { reportFailure } from "./report-failure.ts";
import { serveVerifier } from "./serve/serve-verifier.ts";

/**
 * `npm run verifier`: the verification service alone. The bundle has its own copies of error classes, so it reports
 * failures itself.
 */
export default async function verifier(): Promise<void> {
  try {
    await serveVerifier();
  } catch (error) {
    reportFailure(error);
    process.exit(1);
  }
}
