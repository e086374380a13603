import { CONSTANT_ANSWER } from "./constant-answer.ts";
import { serve } from "./serve.ts";

const HEADERS = { "content-type": "application/json", "content-length": Buffer.byteLength(CONSTANT_ANSWER) };

serve((_request, response) => {
  response.writeHead(200, HEADERS).end(CONSTANT_ANSWER);
});
