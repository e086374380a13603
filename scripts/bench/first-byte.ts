import { Agent, request } from "node:http";
import type { MeasuredPage } from "./measured-page.ts";

/** One connection for all: what opening another would cost is not the page's. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Milliseconds from sending the request to the first byte of the answer, which is read to its end. */
export function measureFirstByte({ url, cookies }: MeasuredPage): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const headers = { cookie: cookies, accept: "text/html", "accept-encoding": "gzip" };
    const asked = request(url, { agent, headers }, (response) => {
      const elapsed = performance.now() - begun;
      response
        .resume()
        .on("error", reject)
        .on("end", () => {
          if (response.statusCode === 200) resolve(elapsed);
          else reject(new Error(`${url} was answered with ${response.statusCode}.`));
        });
    });
    asked.on("error", reject).end();
  });
}
