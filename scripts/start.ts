import { reportFailure } from "./report-failure.ts";
import { serveConsole } from "./serve/serve-console.ts";

/**
 * `npm start`: the console, built for production. The bundle has its own copies of error classes, so it reports
 * failures itself.
 */
export default async function start(): Promise<void> {
  try {
    await serveConsole({ dev: false });
  } catch (error) {
    reportFailure(error);
    process.exit(1);
  }
}
