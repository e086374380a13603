import type { z } from "zod";
import { plainWords } from "@/lib/text/plain-words";

export type ParameterError = { parameter: string; detail: string };

/** Invalid query parameters. */
export class QueryError extends Error {
  constructor(readonly errors: ParameterError[]) {
    super("the query can't be used");
  }
}

/** Programs put tokens here by mistake; they end up in logs, so these parameters are ignored. */
const IGNORED = new Set(["token", "access_token"]);

/** Validates a request's query. Throws {@link QueryError}, also if a parameter of the schema is repeated. */
export function readQuery<Schema extends z.ZodObject>(request: Request, schema: Schema): z.output<Schema> {
  const given = [...new URL(request.url).searchParams].filter(([name]) => !IGNORED.has(name));
  const values = Object.fromEntries(given);
  const repeated = Object.keys(schema.shape).filter((name) => given.filter(([each]) => each === name).length > 1);
  const parsed = schema.safeParse(values, { error: plainWords });
  if (parsed.success && repeated.length === 0) return parsed.data;
  const twice = repeated.map((parameter) => ({ parameter, detail: "Send this parameter once." }));
  throw new QueryError([...twice, ...(parsed.error?.issues ?? []).flatMap(parameterErrors)]);
}

function parameterErrors(issue: z.core.$ZodIssue): ParameterError[] {
  if (issue.code !== "unrecognized_keys") {
    return [{ parameter: String(issue.path[0] ?? ""), detail: issue.message }];
  }
  return issue.keys.map((parameter) => ({ parameter, detail: "This parameter doesn't exist." }));
}
