import { serve } from "./serve.ts";

serve((_request, response) => {
  response.writeHead(204).end();
});
