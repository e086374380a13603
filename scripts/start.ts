import { reportFailure } from "./report-failure.ts";
import { serveConsole } from "./serve/serve-console.ts";

/** `npm start`: the console, built for production. Bundled, with classes of errors of its own: so it reports its failures itself. */
export default async function start(): Promise<void> {
  try {
    await serveConsole({ dev: false });
  } catch (error) {
    reportFailure(error);
    process.exit(1);
  }
}
