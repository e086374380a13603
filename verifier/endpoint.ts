import type { IncomingHttpHeaders } from "node:http";
import type { Problem } from "@/lib/http/problem";
import type { RequestContext } from "@/lib/http/request-context";
import type { EndpointName } from "@/lib/verification/metrics";

/** `keyId` is null unless presented as Basic; `tokenHash` is null for a malformed token. */
export type PresentedCredential = { keyId: string | null; token: string; tokenHash: string | null };

/** A request as an endpoint reads it; forwarded addresses and ids count only where they can be trusted. */
export interface EndpointRequest {
  method: string;
  /** The part after the question mark, not decoded. */
  query: string;
  headers: IncomingHttpHeaders;
  /** Several Authorization headers arrive joined by commas. */
  authorization: string | undefined;
  client: RequestContext;
  /** The other end of the connection: the client or the last proxy. */
  socketAddress: string | undefined;
  requestId: string;
  instance: string;
  /** See `presentedCredential`. */
  credential: PresentedCredential | Problem | undefined;
  /** Empty if the endpoint takes none, or the request presents no token. */
  body: Buffer;
  /** The process is stopping. */
  isDraining: boolean;
}

/** `headers` are added to those of every response. */
export interface EndpointResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Saves counting the bytes of `body`. */
  isAscii?: true;
}

/** One endpoint of the verification service. */
export interface Endpoint {
  /** The metrics label of its decisions; absent if it makes none. */
  name?: EndpointName;
  /** Allowed methods; `any` because some gateways forward the client's method. */
  methods: readonly string[] | "any";
  /** Whether it reads POST bodies; all other bodies are discarded as they arrive. */
  takesBody?: true;
  handle(request: EndpointRequest): EndpointResponse | Promise<EndpointResponse>;
}

const JSON_HEADERS = { "content-type": "application/json" };

/** The API's success response; `data` is JSON in ASCII. */
export function success(data: string): EndpointResponse {
  return { status: 200, headers: JSON_HEADERS, body: `{"success":true,"data":${data}}`, isAscii: true };
}

/** A response in a format defined by a standard, without the API's success envelope. */
export function json(body: unknown, status = 200): EndpointResponse {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body) };
}
