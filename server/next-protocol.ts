import type { IncomingHttpHeaders } from "node:http";
import { parseAndValidateFlightRouterState } from "next/dist/server/app-render/parse-and-validate-flight-router-state.js";

/**
 * Client errors that Next would answer with 500: an invalid router state, or a server action's body that can't be
 * decoded. Also an invalid action ID, which Next would write to the log unescaped. `undefined` if there is none.
 */
export async function faultInNextProtocol(
  method: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<string | undefined> {
  if (!isRouterState(headers["next-router-state-tree"])) return "The router state can't be read.";
  if (method !== "POST") return undefined;
  if (!isActionId(headers["next-action"])) return "The ID of this action can't be read.";
  const isReadable = await isReadableAction(headers, body).catch(() => false);
  return isReadable ? undefined : "The body of this action can't be read.";
}

/** Same check as Next's, so that what passes here can't fail there. */
function isRouterState(header: string | string[] | undefined): boolean {
  try {
    parseAndValidateFlightRouterState(header);
    return true;
  } catch {
    return false;
  }
}

/** Longer than Next's current IDs: a page of an older version must still learn that its actions are gone. */
function isActionId(header: string | string[] | undefined): boolean {
  return header === undefined || /^[0-9a-f]{1,64}$/.test(header.toString());
}

/** Without JavaScript, a form is sent as multipart; React sends the arguments as JSON, alone or as part `0`. */
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
 * React encodes what JSON can't express as strings that start with `$`. Our actions accept only values and forms;
 * references to functions, promises or other parts, which fail if their target is missing, are rejected.
 */
const VALUE_OR_FORM = /^\$(?:\$|D|K[0-9a-f]+$|(?:undefined|NaN|-?Infinity|-0)$)/;

function refuseReference(_key: string, value: unknown): unknown {
  if (typeof value === "string" && value.startsWith("$") && !VALUE_OR_FORM.test(value)) throw new TypeError(value);
  return value;
}
