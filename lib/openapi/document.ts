import "server-only";
import { appUrl } from "@/lib/env";
import { componentSchemas, securitySchemes } from "@/lib/openapi/components";
import { keyPaths } from "@/lib/openapi/key-paths";
import { problemResponses } from "@/lib/openapi/operation";
import { operationsPaths, otherPaths } from "@/lib/openapi/other-paths";
import { verificationPaths } from "@/lib/openapi/verification-paths";

const DESCRIPTION = `Responses are \`{"success": true, "data": …}\`, or a problem (RFC 9457) with \`success: false\`, a stable \`code\`, and
\`errors\` for invalid fields. Every response has an \`X-Request-Id\` and must not be cached (\`Cache-Control: no-store\`).

Send tokens as \`Authorization: Bearer …\`; tokens in query strings are ignored. API keys can't manage API keys: that requires
a signed-in user, with their session cookie or a session token.`;

/** The REST API as OpenAPI 3.1, generated from the schemas of its requests and responses. */
export function openApiDocument() {
  const origin = appUrl();
  return {
    openapi: "3.1.0",
    info: { title: "Latchkey API", version: "1", description: DESCRIPTION },
    servers: [{ url: `${origin}/api/v1` }],
    tags: [
      { name: "API keys", description: "Manage keys as a signed-in user." },
      { name: "Verification", description: "Verify tokens. Also served on the verifier's port." },
      { name: "Example of a protected API", description: "An example of an API that uses Latchkey." },
      { name: "Operations", description: "For operators of Latchkey." },
    ],
    paths: { ...keyPaths(), ...verificationPaths(), ...otherPaths(), ...operationsPaths(origin) },
    components: {
      schemas: componentSchemas(),
      responses: problemResponses(),
      securitySchemes: securitySchemes(),
    },
  };
}
