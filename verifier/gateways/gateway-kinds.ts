import { join } from "node:path";
import type { TestProgram } from "@/scripts/test/find-program";

/** A gateway configured by its page in docs/gateways. */
export interface GatewayKind {
  program: TestProgram;
  /** Those of docs/gateways that it runs on. */
  files: string[];
  /** The rest of its configuration, which belongs to the machine and not to Latchkey. */
  ownFile?: { name: string; text: (directory: string) => string };
  args: (directory: string) => string[];
  /** Whether the API gets empty headers. */
  sendsEmptyHeaders: boolean;
  /** Whether it strips names beginning with X-Latchkey that Latchkey doesn't use yet. */
  stripsUnknownNames: boolean;
  /** The status for two Authorization headers; 400 if the gateway itself refuses them. */
  statusForTwoTokens: 400 | 401;
  /** Whether it accepts HTTP/2 without TLS. */
  speaksHttp2?: true;
  /** Whether refusals reach the client with Latchkey's body. */
  passesBodiesOn: boolean;
}

export const GATEWAY_KINDS: Record<"nginx" | "caddy" | "haproxy", GatewayKind> = {
  nginx: {
    program: "nginx",
    files: ["nginx.conf", "latchkey-location.conf"],
    ownFile: { name: "main.conf", text: nginxMain },
    args: (directory) => ["-p", directory, "-e", "stderr", "-c", join(directory, "main.conf")],
    sendsEmptyHeaders: false,
    stripsUnknownNames: false,
    statusForTwoTokens: 400,
    passesBodiesOn: false,
  },
  caddy: {
    program: "caddy",
    files: ["Caddyfile"],
    ownFile: { name: "main.caddy", text: () => "{\n\tadmin off\n}\nimport Caddyfile\n" },
    args: (directory) => ["run", "--adapter", "caddyfile", "--config", join(directory, "main.caddy")],
    // Newer ones than 2.9 leave them out.
    sendsEmptyHeaders: true,
    stripsUnknownNames: true,
    statusForTwoTokens: 401,
    passesBodiesOn: true,
  },
  haproxy: {
    program: "haproxy",
    files: ["haproxy.cfg", "latchkey.lua"],
    args: (directory) => ["-db", "-f", join(directory, "haproxy.cfg")],
    sendsEmptyHeaders: true,
    stripsUnknownNames: true,
    statusForTwoTokens: 401,
    speaksHttp2: true,
    passesBodiesOn: true,
  },
};

function nginxMain(directory: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(directory, name)};`,
  );
  return `
daemon off;
worker_processes 1;
pid ${join(directory, "nginx.pid")};
events {}
http {
  access_log off;
  ${temporary.join("\n  ")}
  include ${join(directory, "nginx.conf")};
}
`;
}
