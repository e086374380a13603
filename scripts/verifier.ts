import { reportFailure } from "./report-failure.ts";
import { serveVerifier } from "./serve/serve-verifier.ts";

/**
 * `npm run verifier`: the verification service alone. It is bundled, and its errors are of classes
 * that only the bundle knows: so it tells its failures itself.
 */
export default async function verifier(): Promise<void> {
  try {
    await serveVerifier();
  } catch (error) {
    reportFailure(error);
    process.exit(1);
  }
}
