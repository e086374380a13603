import "server-only";
import type { Addresses } from "@/lib/quick-start/addresses";
import type { ScopePair } from "@/lib/quick-start/choice";
import { gatewayFile, nodeMiddleware } from "@/lib/quick-start/documents";
import { curlSnippet, goSnippet, nodeSnippet, pythonSnippet } from "@/lib/quick-start/programs";
import { WAYS, type Way } from "@/lib/quick-start/ways";

export type Snippet = { file: string; text: string };

/**
 * The files for an integration, with this installation's URLs, the team's slug and the chosen scopes. Empty without the
 * docs.
 */
export async function snippetsFor(way: Way, places: Addresses, team: string, scopes: ScopePair): Promise<Snippet[]> {
  switch (way) {
    case "curl":
      return [{ file: "try.sh", text: curlSnippet(places.console, team, scopes) }];
    case "node": {
      const middleware = await nodeMiddleware();
      return middleware === null ? [] : [{ file: "api.mjs", text: nodeSnippet(places.console, scopes, middleware) }];
    }
    case "python":
      return [{ file: "api.py", text: pythonSnippet(places.console, scopes) }];
    case "go":
      return [{ file: "main.go", text: goSnippet(places.console, scopes) }];
    default: {
      const files = await Promise.all(
        WAYS[way].files.map(async (file) => ({ file, text: await gatewayFile(file, places, team, scopes) })),
      );
      return files.flatMap(({ file, text }) => (text === null ? [] : [{ file, text }]));
    }
  }
}
