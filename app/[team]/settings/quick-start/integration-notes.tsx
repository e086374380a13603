import type { ReactNode } from "react";
import type { Addresses } from "@/lib/quick-start/addresses";
import type { Integration } from "@/lib/quick-start/integrations";
import { BestPractice } from "./best-practice";

const Code = ({ children }: { children: ReactNode }) => <code className="font-mono text-xs">{children}</code>;

const OWN_API = (
  <BestPractice>
    Keep <Code>LATCHKEY_KEY</Code> in a secret manager or the environment, never in the code. When Latchkey doesn’t
    answer, this refuses: a key that can’t be checked is no key.
  </BestPractice>
);

const GATEWAY: Record<string, ReactNode> = {
  nginx: (
    <>
      Put the first file into <Code>http {"{}"}</Code>, for instance as <Code>/etc/nginx/conf.d/latchkey.conf</Code>,
      and the second into <Code>/etc/nginx/</Code>.
    </>
  ),
  caddy: "Use it as your Caddyfile, or import it into yours. From Caddy 2.6 on.",
  traefik:
    "A dynamic configuration for Traefik 3; labels and Kubernetes middlewares have the same names. Written after its documentation: our tests don’t run it.",
  kong: (
    <>
      For Kong 3 without a database. Needs <Code>KONG_UNTRUSTED_LUA_SANDBOX_REQUIRES=resty.http</Code>. Written after
      its documentation: our tests don’t run it.
    </>
  ),
  envoy: "For Envoy 1.28 and later, with ext_authz over HTTP. Written after its documentation: our tests don’t run it.",
  haproxy: (
    <>
      For HAProxy 2.6 and later with Lua. Put the script into <Code>/etc/haproxy/</Code>.
    </>
  ),
};

/** Notes on an integration: where its files go, what to change, what to trust. */
export function IntegrationNotes({ integration, places }: { integration: Integration; places: Addresses }) {
  if (integration === "curl") {
    return (
      <BestPractice>
        Read the token into the variable without leaving it in your shell’s history:{" "}
        <Code>read -rs LATCHKEY_TOKEN && export LATCHKEY_TOKEN</Code>
      </BestPractice>
    );
  }
  const about = GATEWAY[integration];
  if (!about) return OWN_API;
  const { host, port } = places.verifier;
  return (
    <div className="grid max-w-prose gap-2 text-ink-soft">
      <p>
        {about} Change the API’s own address and the paths; each part of your API has its line, and what has none is
        refused.
      </p>
      <p>
        It asks the verifier at{" "}
        <Code>
          {host}:{port}
        </Code>
        : put in the address by which the gateway reaches that machine. The console answers the same at{" "}
        <Code>{places.console}</Code>.
      </p>
      <BestPractice>
        Set the verifier’s <Code>TRUSTED_PROXIES</Code> to the gateway’s address, so that keys narrowed to addresses see
        the client’s, and let nobody else reach its port.
      </BestPractice>
    </div>
  );
}
