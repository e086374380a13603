import { type ApiAnswer, callApi } from "./fixtures";

/** Calls the API as a program that tries again on 503, which says neither yes nor no. */
export async function askApi(token: string, path: string): Promise<ApiAnswer> {
  const answer = await callApi(token, path);
  return answer.status === 503 ? askApi(token, path) : answer;
}
