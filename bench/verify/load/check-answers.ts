import { closeSync, openSync, readSync } from "node:fs";
import { type LoadRequest, TOKEN } from "./load-request.ts";

const TOKENS_TRIED = 20;
const LONGEST_TOKEN = 128;

/** Sends a few of the requests one by one; throws if a response is wrong. */
export async function checkAnswers(origin: string, request: LoadRequest): Promise<void> {
  for (const token of firstTokens(request.tokensFile)) {
    const response = await send(origin, request, token);
    const text = await response.text();
    const isRight = response.ok !== request.isRefused && text.includes(request.answerContains ?? "");
    if (!isRight)
      throw new Error(`${request.method} ${request.path} was answered with ${response.status} ${text.slice(0, 300)}`);
  }
}

function send(origin: string, { method, path, authorization, body }: LoadRequest, token: string): Promise<Response> {
  return fetch(origin + path, {
    method,
    headers: { authorization: authorization.replace(TOKEN, token), ...(body && { "content-type": body.type }) },
    ...(body && { body: body.text.replace(TOKEN, token) }),
  });
}

function firstTokens(file: string): string[] {
  const start = Buffer.alloc(TOKENS_TRIED * LONGEST_TOKEN);
  const descriptor = openSync(file, "r");
  const length = readSync(descriptor, start);
  closeSync(descriptor);
  const lines = start.toString("latin1", 0, length).split("\n");
  return lines.slice(0, Math.min(TOKENS_TRIED, lines.length - 1));
}
