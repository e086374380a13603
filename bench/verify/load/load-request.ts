/** A request to repeat, each time with another token of a file in place of `@TOKEN@`. */
export type LoadRequest = {
  method: "GET" | "POST";
  path: string;
  authorization: string;
  body?: { type: string; text: string };
  tokensFile: string;
  draw: Draw;
  /** The expected outcome, which every response is checked for. */
  isRefused: boolean;
  /** Expected in the response if the status isn't conclusive. */
  answerContains?: string;
};

/**
 * How tokens are drawn: uniformly, or by Zipf's law with exponent 1, as keys are used in practice: the k-th with a
 * frequency proportional to 1/k.
 */
export type Draw = "evenly" | "zipf";

export const TOKEN = "@TOKEN@";
const BEARER = `Bearer ${TOKEN}`;

/** A request that presents the token to verify. */
export function presenting(path: string, tokensFile: string, draw: Draw = "evenly"): LoadRequest {
  return { method: "GET", path, authorization: BEARER, tokensFile, draw, isRefused: false };
}

/** A caller's request with another token in the body. */
export function askingAbout(
  path: string,
  callerToken: string,
  body: NonNullable<LoadRequest["body"]>,
  tokensFile: string,
): LoadRequest {
  const authorization = `Bearer ${callerToken}`;
  return { method: "POST", path, authorization, body, tokensFile, draw: "evenly", isRefused: false };
}
