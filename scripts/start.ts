import { serveConsole } from "./serve/serve-console.ts";

/** `npm start`: the console, built for production. */
export default () => serveConsole({ dev: false });
