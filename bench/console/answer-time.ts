import { Agent, request } from "node:http";

/** What is asked for, with the headers that make it somebody's. */
export type Question = { label: string; url: string; headers: Record<string, string> };

/** Milliseconds from sending the request to the first byte of the answer, and to its last: pages come in pieces. */
export type AnswerTime = { firstByte: number; whole: number };

/** One connection for all: what opening another would cost is not the answer's. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Asks once. Rejects when the answer isn't 200. */
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
