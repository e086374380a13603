import type { IncomingHttpHeaders } from "node:http";
import type { Problem } from "@/lib/http/problem";
import type { RequestContext } from "@/lib/http/request-context";
import type { Door as DoorName } from "@/lib/verification/metrics";

/** What a caller shows for itself. `keyId` is there where it came as Basic; `tokenHash` is null for garbage. */
export type ShownCaller = { keyId: string | null; token: string; tokenHash: string | null };

/** A request as a door reads it: what it says of itself has been replaced by what is so. */
export interface DoorRequest {
  method: string;
  /** What stands behind the question mark; undecoded. */
  query: string;
  headers: IncomingHttpHeaders;
  /** Several Authorization headers arrive joined by commas. */
  authorization: string | undefined;
  context: RequestContext;
  /** Whose connection it is: the client's, or that of the last proxy. */
  socketAddress: string | undefined;
  requestId: string;
  instance: string;
  /** See `shownCaller`. */
  shown: ShownCaller | Problem | undefined;
  /** Empty where the door takes none, or nobody was shown who may send one. */
  body: Buffer;
  /** The process is about to stop. */
  isDraining: boolean;
}

/** `headers` come on top of those that every answer carries. */
export interface DoorAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Known to be, so that its bytes needn't be counted. */
  isAscii?: true;
}

/** One endpoint of the verification service. */
export interface Door {
  /** How its decisions are counted; absent where none are made. */
  name?: DoorName;
  /** Those it answers; `any` for gateways that pass the client's own method on. */
  methods: readonly string[] | "any";
  /** Whether it reads what callers post; all other bodies are discarded as they arrive. */
  takesBody?: true;
  answer(request: DoorRequest): DoorAnswer | Promise<DoorAnswer>;
}

const JSON_HEADERS = { "content-type": "application/json" };

/** The answer of the API's success form about what is JSON already, and ASCII. */
export function success(data: string): DoorAnswer {
  return { status: 200, headers: JSON_HEADERS, body: `{"success":true,"data":${data}}`, isAscii: true };
}

/** An answer whose form a standard rules. */
export function json(body: unknown, status = 200): DoorAnswer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body) };
}
