import { readFileSync } from "node:fs";
import { userInfo } from "node:os";

/** The required kind of server, in libpq's terms. */
export type SessionAttributes = "any" | "read-write" | "primary";

/** One URL per host in pg's format, in the order to try. */
export interface DatabaseTarget {
  urls: string[];
  attributes: SessionAttributes;
}

/** An invalid URL. The message says what to change and continues the variable's name. */
export class DatabaseUrlError extends Error {}

function refuse(message: string): never {
  throw new DatabaseUrlError(message);
}

const FORM = /^postgres(?:ql)?:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?$/;
const LOOKS = "must look like postgresql://user:password@host:5432/database";

/**
 * Parses a URL as libpq does: several hosts, Unix sockets, `target_session_attrs`. Throws {@link DatabaseUrlError} for
 * anything pg would misread or ignore.
 */
export function readDatabaseUrl(text: string): DatabaseTarget {
  if (!/^postgres(ql)?:\/\//.test(text)) refuse(LOOKS);
  assertEncoded(text);
  const [, authority = "", path = "", query = ""] = FORM.exec(text) ?? refuse(LOOKS);
  const at = authority.lastIndexOf("@");
  const parameters = new URLSearchParams(query);
  const hosts = readHosts(authority.slice(at + 1), parameters);
  const attributes = readAttributes(parameters, hosts.length);
  assertPublicSchema(parameters);
  readTls(parameters);
  const credentials = authority.slice(0, at + 1);
  if (!credentials && !parameters.has("user") && !process.env.PGUSER) parameters.set("user", userInfo().username);
  return {
    attributes,
    urls: hosts.map((host) => {
      const own = new URLSearchParams([...Object.entries(host), ...parameters]);
      return `postgresql://${credentials}${path || "/"}?${own}`;
    }),
  };
}

const ENCODE =
  "has a special character in its user or password: percent-encode it " +
  "(@ is %40, : is %3A, / is %2F, ? is %3F, # is %23, % is %25)";

/** An unencoded `/`, `?` or `#` in a password ends the host part early and leaves the `@` after it. */
function assertEncoded(text: string): void {
  const [, authority = "", rest = ""] = /^\w+:\/\/([^/?#]*)(.*)$/s.exec(text) ?? [];
  const path = rest.split("?", 1)[0] ?? "";
  const isCutShort = authority.includes("@") ? path.includes("@") : authority.includes(":") && rest.includes("@");
  const credentials = authority.slice(0, authority.lastIndexOf("@") + 1);
  if (isCutShort || rest.startsWith("#") || /%(?![0-9a-f]{2})|\s/i.test(credentials)) refuse(ENCODE);
  if (/%(?![0-9a-f]{2})/i.test(text)) refuse("has a % that isn't followed by two hexadecimal digits: write it as %25");
}

type Host = { host?: string; port?: string };

/** From the parameters (which are removed) if present, otherwise from the URL itself. */
function readHosts(inAddress: string, parameters: URLSearchParams): Host[] {
  const named = take(parameters, "host")?.split(",");
  const ports = take(parameters, "port")?.split(",") ?? [];
  const hosts = named?.map((host): Host => ({ host })) ?? inAddress.split(",").map(readHost);
  if (ports.length > 1 && ports.length !== hosts.length)
    refuse(`names ${hosts.length} hosts and ${ports.length} ports`);
  return hosts.map(({ host, port }, place) => {
    const given = ports[ports.length === 1 ? 0 : place] || port;
    if (given && !(/^\d{1,5}$/.test(given) && Number(given) >= 1 && Number(given) <= 65_535)) {
      refuse(`has an invalid port (${given}): it must be a number between 1 and 65535`);
    }
    return { ...(host && { host }), ...(given && { port: given }) };
  });
}

function readHost(text: string): Host {
  const [, bracketed, plain = "", port = ""] =
    /^(?:\[([0-9a-f:.%]+)\]|([^:[\]]*))(?::(.*))?$/i.exec(text) ?? refuse(LOOKS);
  return { host: bracketed ?? decodeURIComponent(plain), port };
}

/** Latchkey writes, so with several hosts only a writable one qualifies. */
function readAttributes(parameters: URLSearchParams, hosts: number): SessionAttributes {
  const wanted = take(parameters, "target_session_attrs") ?? (hosts > 1 ? "read-write" : "any");
  if (wanted === "any" || wanted === "read-write" || wanted === "primary") return wanted;
  return refuse(
    `has target_session_attrs=${wanted}, and Latchkey needs the server that accepts writes: use read-write, primary or any`,
  );
}

const PUBLIC_ONLY = "Latchkey's tables are in the schema public";

function assertPublicSchema(parameters: URLSearchParams): void {
  const schema = take(parameters, "schema") ?? "public";
  if (schema !== "public") refuse(`names the schema ${schema}: leave it out, because ${PUBLIC_ONLY}`);
  // PostgreSQL accepts a hyphen for the underscore.
  const inOptions = (parameters.get("options") ?? "").matchAll(/search[_-]path\s*=\s*(\S*)/gi);
  const paths = [take(parameters, "search_path"), ...[...inOptions].map(([, path]) => path)];
  const path = paths.find((each) => each !== undefined && each !== "public");
  if (path !== undefined) refuse(`sets the search_path to ${path}: leave it out, because ${PUBLIC_ONLY}`);
}

const FILES = ["sslrootcert", "sslcert", "sslkey"];
/** In pg, these modes verify the certificate, even where libpq is less strict. */
const CHECKED = ["prefer", "require", "verify-ca", "verify-full"];
const MODES = [...CHECKED, "disable", "no-verify"];

function readTls(parameters: URLSearchParams): void {
  const isSystem = parameters.get("sslrootcert") === "system";
  if (isSystem) parameters.delete("sslrootcert");
  for (const name of FILES) assertReadable(name, parameters.get(name));
  const mode = parameters.get("sslmode") ?? (isSystem ? "verify-full" : null);
  if (mode === null || parameters.has("uselibpqcompat")) return;
  if (!MODES.includes(mode)) refuse(`has sslmode=${mode}: it must be one of ${MODES.join(", ")}`);
  if (CHECKED.includes(mode)) parameters.set("sslmode", "verify-full");
}

function assertReadable(name: string, path: string | null): void {
  if (!path) return;
  try {
    readFileSync(path);
  } catch (error) {
    refuse(`names the file ${path} as ${name}, which can't be read (${(error as { code?: string }).code})`);
  }
}

function take(parameters: URLSearchParams, name: string): string | undefined {
  const value = parameters.get(name) || undefined;
  parameters.delete(name);
  return value;
}
