import type { IncomingHttpHeaders } from "node:http";
import { parseAndValidateFlightRouterState } from "next/dist/server/app-render/parse-and-validate-flight-router-state.js";

/**
 * What Next would answer with a 500 although the client is at fault: a router state that is none,
 * or a server action's body that can't be decoded. Also an action's id that is none, which Next would write into the
 * log as it was sent. `undefined` when there is no such fault.
 */
export async function faultInNextProtocol(
  method: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<string | undefined> {
  if (!isRouterState(headers["next-router-state-tree"])) return "The router state can't be read.";
  if (method !== "POST") return undefined;
  if (!isActionId(headers["next-action"])) return "The id of this action can't be read.";
  const isReadable = await isReadableAction(headers, body).catch(() => false);
  return isReadable ? undefined : "The body of this action can't be read.";
}

/** Next's own check: what passes here can't fail there. */
function isRouterState(header: string | string[] | undefined): boolean {
  try {
    parseAndValidateFlightRouterState(header);
    return true;
  } catch {
    return false;
  }
}

/** Longer than Next's ids are now: a page of an older version must still hear that its actions are gone. */
function isActionId(header: string | string[] | undefined): boolean {
  return header === undefined || /^[0-9a-f]{1,64}$/.test(header.toString());
}

/** A form sent without JavaScript is multipart; React sends the arguments as JSON, alone or as part `0`. */
async function isReadableAction(headers: IncomingHttpHeaders, body: Buffer): Promise<boolean> {
  const contentType = headers["content-type"] ?? "";
  const isMultipart = contentType.startsWith("multipart/form-data");
  const isFetched = headers["next-action"] !== undefined;
  if (!isMultipart) return !isFetched || isArgumentList(body.toString());
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
  return !isFetched || isArgumentList(form.get("0"));
}

function isArgumentList(text: unknown): boolean {
  return typeof text === "string" && Array.isArray(JSON.parse(text, refuseReference));
}

/**
 * React writes what JSON can't hold as strings with a `$` in front. Values and forms are all that
 * our actions take; references to functions, promises or other parts, which fail when there is
 * nothing behind them, are not.
 */
const VALUE_OR_FORM = /^\$(?:\$|D|K[0-9a-f]+$|(?:undefined|NaN|-?Infinity|-0)$)/;

function refuseReference(_key: string, value: unknown): unknown {
  if (typeof value === "string" && value.startsWith("$") && !VALUE_OR_FORM.test(value)) throw new TypeError(value);
  return value;
}
