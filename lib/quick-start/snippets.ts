import "server-only";
import type { Addresses } from "@/lib/quick-start/addresses";
import type { ScopePair } from "@/lib/quick-start/choice";
import { gatewayFile, nodeMiddleware } from "@/lib/quick-start/documents";
import { INTEGRATIONS, type Integration } from "@/lib/quick-start/integrations";
import { curlSnippet, goSnippet, nodeSnippet, pythonSnippet } from "@/lib/quick-start/programs";

export type Snippet = { file: string; text: string };

/**
 * The files for an integration, with this installation's URLs, the team's slug and the chosen scopes. Empty without the
 * docs.
 */
export async function snippetsFor(
  integration: Integration,
  places: Addresses,
  team: string,
  scopes: ScopePair,
): Promise<Snippet[]> {
  switch (integration) {
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
        INTEGRATIONS[integration].files.map(async (file) => ({
          file,
          text: await gatewayFile(file, places, team, scopes),
        })),
      );
      return files.flatMap(({ file, text }) => (text === null ? [] : [{ file, text }]));
    }
  }
}
