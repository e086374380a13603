/** A request to repeat, each time with another token of a file. `@TOKEN@` stands for it. */
export type LoadRequest = {
  method: "GET" | "POST";
  path: string;
  authorization: string;
  body?: { type: string; text: string };
  tokensFile: string;
  draw: Draw;
  /** What every answer must be: a benchmark of wrong answers is worth nothing. */
  isRefused: boolean;
  /** Must be in the answer where its status says too little. */
  answerContains?: string;
};

/**
 * How tokens are drawn: each as likely as any other, or by Zipf's law with exponent 1, as keys are used in life: the one in
 * place k as often as 1/k.
 */
export type Draw = "evenly" | "zipf";

export const TOKEN = "@TOKEN@";
const BEARER = `Bearer ${TOKEN}`;

/** A request whose own token is the one to decide about. */
export function presenting(path: string, tokensFile: string, draw: Draw = "evenly"): LoadRequest {
  return { method: "GET", path, authorization: BEARER, tokensFile, draw, isRefused: false };
}

/** A request of a caller who asks about somebody else's token, in the body. */
export function askingAbout(
  path: string,
  callerToken: string,
  body: NonNullable<LoadRequest["body"]>,
  tokensFile: string,
): LoadRequest {
  const authorization = `Bearer ${callerToken}`;
  return { method: "POST", path, authorization, body, tokensFile, draw: "evenly", isRefused: false };
}
