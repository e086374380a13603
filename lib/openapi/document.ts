import "server-only";
import { appUrl } from "@/lib/env";
import { componentSchemas, securitySchemes } from "@/lib/openapi/components";
import { keyPaths } from "@/lib/openapi/key-paths";
import { problemResponses } from "@/lib/openapi/operation";
import { operationsPaths, otherPaths } from "@/lib/openapi/other-paths";
import { verificationPaths } from "@/lib/openapi/verification-paths";

const DESCRIPTION = `Answers are \`{"success": true, "data": …}\`, or a problem (RFC 9457) with \`success: false\`, a stable \`code\`, and for bad
fields \`errors\`. Every answer has an \`X-Request-Id\`, and none may be kept (\`Cache-Control: no-store\`).

Tokens go into \`Authorization: Bearer …\`; in query strings they are ignored. API keys don't manage API keys: that takes a
signed-in person, by their session cookie or a session token.`;

/** The REST API as OpenAPI 3.1, generated from the schemas of its requests and responses. */
export function openApiDocument() {
  const origin = appUrl();
  return {
    openapi: "3.1.0",
    info: { title: "Latchkey API", version: "1", description: DESCRIPTION },
    servers: [{ url: `${origin}/api/v1` }],
    tags: [
      { name: "API keys", description: "Managing keys, as a signed-in person." },
      { name: "Verification", description: "Asking whether a token is good; also on the verifier's port." },
      { name: "Example of a protected API", description: "What an API looks like that asks Latchkey." },
      { name: "Operations", description: "For those who run Latchkey." },
    ],
    paths: { ...keyPaths(), ...verificationPaths(), ...otherPaths(), ...operationsPaths(origin) },
    components: {
      schemas: componentSchemas(),
      responses: problemResponses(),
      securitySchemes: securitySchemes(),
    },
  };
}
