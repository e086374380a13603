import { Agent, request } from "node:http";

/** A request to measure, with its credentials. */
export type Question = { label: string; url: string; headers: Record<string, string> };

/** Milliseconds from sending the request to the response's first byte, and to its last: pages are streamed. */
export type AnswerTime = { firstByte: number; whole: number };

/** One connection for all requests, so that connecting isn't measured. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Sends one request. Rejects unless the response is 200. */
export function measureAnswer({ url, headers }: Question): Promise<AnswerTime> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const sent = request(url, { agent, headers: { ...headers, "accept-encoding": "gzip" } }, (response) => {
      let firstByte: number | undefined;
      response
        .on("data", () => {
          firstByte ??= performance.now() - begun;
        })
        .on("error", reject)
        .on("end", () => {
          const whole = performance.now() - begun;
          if (response.statusCode === 200) resolve({ firstByte: firstByte ?? whole, whole });
          else reject(new Error(`${url} was answered with ${response.statusCode}.`));
        });
    });
    sent.on("error", reject).end();
  });
}
