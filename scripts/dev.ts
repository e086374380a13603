import { serveConsole } from "./serve/serve-console.ts";

/** `npm run dev`: the console, built as it is changed. */
export default () => serveConsole({ dev: true });
