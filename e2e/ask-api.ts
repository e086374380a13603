import { type ApiAnswer, callApi } from "./fixtures";

/** Calls the API as a program that retries on 503, which decides nothing. */
export async function askApi(token: string, path: string): Promise<ApiAnswer> {
  const answer = await callApi(token, path);
  return answer.status === 503 ? askApi(token, path) : answer;
}
