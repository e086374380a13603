import { serveConsole } from "./serve/serve-console.ts";

/** `npm run dev`: the console with hot reload. */
export default () => serveConsole({ dev: true });
