/** A request to repeat, each time with another token of a file. `@TOKEN@` stands for it. */
export type LoadRequest = {
  method: "GET" | "POST";
  path: string;
  authorization: string;
  body?: { type: string; text: string };
  tokensFile: string;
  /** What every answer must be: a benchmark of wrong answers is worth nothing. */
  isRefused: boolean;
  /** Must be in the answer where its status says too little. */
  answerContains?: string;
};

export const TOKEN = "@TOKEN@";
const BEARER = `Bearer ${TOKEN}`;

/** A request whose own token is the one to decide about. */
export function presenting(path: string, tokensFile: string): LoadRequest {
  return { method: "GET", path, authorization: BEARER, tokensFile, isRefused: false };
}

/** A request of a caller who asks about somebody else's token, in the body. */
export function askingAbout(
  path: string,
  callerToken: string,
  body: NonNullable<LoadRequest["body"]>,
  tokensFile: string,
): LoadRequest {
  return { method: "POST", path, authorization: `Bearer ${callerToken}`, body, tokensFile, isRefused: false };
}
