import { createServer } from "node:http";
import { auth } from "./auth.mjs";

createServer(async (request, response) => {
  const key = (request.headers.authorization ?? "").slice("Bearer ".length);
  const verdict = await auth.api.verifyApiKey({ body: { key } });
  const text = JSON.stringify(verdict);
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  response.writeHead(verdict.valid ? 200 : 401, headers).end(text);
}).listen(Number(process.env.PORT), "127.0.0.1", () => console.log("Ready"));
