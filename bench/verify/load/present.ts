import { Agent, request } from "node:http";

export type Present = (token: string) => Promise<number>;

/** Sends tokens over keep-alive connections, and returns the status of each response. */
export function presenter(url: string): { present: Present; close: () => void } {
  const agent = new Agent({ keepAlive: true });
  const present = (token: string) =>
    new Promise<number>((resolve, reject) => {
      const asked = request(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
        response
          .resume()
          .on("error", reject)
          .on("end", () => resolve(response.statusCode ?? 0));
      });
      asked.on("error", reject).end();
    });
  return { present, close: () => agent.destroy() };
}
