import pg from "pg";
import { connectToDatabase, UnwantedServer } from "../lib/database/database-connection.ts";
import { readDatabaseUrl } from "../lib/database/database-url.ts";
import { StartError } from "./start-error.ts";

const CONNECT_TIMEOUT_MS = 5_000;

/** Connects once; if that fails, throws a sentence that says what is wrong with the URL in `variable`. */
export async function checkDatabase(databaseUrl: string, variable: string): Promise<void> {
  const client = await connectToDatabase(databaseUrl, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS }).catch(
    (error: Failure) => {
      throw new StartError(sentenceFor(error, databaseUrl, variable));
    },
  );
  try {
    await checkServer(client, variable);
  } finally {
    await client.end();
  }
}

const SERVER = `select pg_is_in_recovery() as "isStandby", current_schema() as schema, current_user as "user"`;

async function checkServer(client: pg.Client, variable: string): Promise<void> {
  const { rows } = await client.query<{ isStandby: boolean; schema: string | null; user: string }>(SERVER);
  const { isStandby, schema, user } = rows[0] ?? { isStandby: false, schema: null, user: "" };
  if (isStandby) throw new StartError(replica(client.host, variable));
  if (schema === "public") return;
  throw new StartError(
    schema
      ? `The search_path of the database user ${user} selects the schema ${schema}, but Latchkey's tables are in public: ` +
          `run ALTER ROLE ${user} SET search_path = public, or name another user in ${variable}.`
      : `The database user ${user} doesn't see the schema public, where Latchkey's tables are: run CREATE SCHEMA public and ` +
          `GRANT USAGE ON SCHEMA public TO ${user}.`,
  );
}

const replica = (server: string, variable: string) =>
  `The database at ${server} is a read-only replica: set ${variable} to the primary.`;

type Failure = Error & { code?: string };

const UNKNOWN_AUTHORITY = [
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
];

function sentenceFor(error: Failure, databaseUrl: string, variable: string): string {
  const { server, host, user, database } = inWords(databaseUrl);
  if (error instanceof UnwantedServer)
    return `No server at ${server} accepts writes (${error.message}): correct ${variable}.`;
  if (UNKNOWN_AUTHORITY.includes(error.code ?? "")) {
    return (
      `The certificate of PostgreSQL at ${server} is signed by an unknown authority: ` +
      `add sslrootcert=/path/to/ca.pem, the authority's own certificate, to ${variable}.`
    );
  }
  if (error.code === "28000" && error.message.includes("pg_hba.conf")) {
    return (
      `PostgreSQL at ${server} denied the connection (${error.message}): add sslmode=require to ${variable} if it ` +
      "requires TLS, or a line for this machine to its pg_hba.conf."
    );
  }
  switch (error.code) {
    case "28P01":
    case "28000":
      return `PostgreSQL at ${server} rejected the user ${user}: correct the user and password in ${variable}.`;
    case "3D000":
      return `PostgreSQL at ${server} has no database ${database}: create it, or correct ${variable}.`;
    case "42501":
      return `PostgreSQL at ${server} doesn't let ${user} connect to ${database}: GRANT CONNECT, or correct ${variable}.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host ${host} in ${variable} can't be resolved: correct its name.`;
    case "ENOENT":
      return `No PostgreSQL socket in ${server}: start PostgreSQL, or correct ${variable}.`;
    case "ECONNREFUSED":
      return `Nothing responds at ${server}: start PostgreSQL there, or correct ${variable}.`;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `The certificate of PostgreSQL at ${server} is for another name: use the certificate's name in ${variable}.`;
    default:
      return sentenceForMessage(error.message, server, variable);
  }
}

/** For errors of pg without a code. */
function sentenceForMessage(message: string, server: string, variable: string): string {
  if (message === "The server does not support SSL connections") {
    return `PostgreSQL at ${server} doesn't support TLS: enable it there, or set sslmode=disable in ${variable}.`;
  }
  if (message.includes("client password must be a string")) {
    return `PostgreSQL at ${server} requires a password: add it to ${variable}.`;
  }
  return `The database at ${server} can't be reached (${message}): check ${variable} and the network.`;
}

/** The URL's parts without the password; all hosts if there are several. */
function inWords(databaseUrl: string): { server: string; host: string; user: string; database: string } {
  const clients = readDatabaseUrl(databaseUrl).urls.map((connectionString) => new pg.Client({ connectionString }));
  const host = clients.map((client) => client.host).join(", ");
  const server = clients
    .map(({ host, port }) => (host.startsWith("/") ? host : `${bracketed(host)}:${port}`))
    .join(", ");
  const { user = "", database = "" } = clients[0] ?? {};
  return { server, host, user, database };
}

const bracketed = (host: string) => (host.includes(":") ? `[${host}]` : host);
