import type { ReactNode } from "react";
import type { Addresses } from "@/lib/quick-start/addresses";
import type { Integration } from "@/lib/quick-start/integrations";
import { BestPractice } from "./best-practice";

const Code = ({ children }: { children: ReactNode }) => <code className="font-mono text-xs">{children}</code>;

const OWN_API = (
  <BestPractice>
    Keep <Code>LATCHKEY_KEY</Code> in a secret manager or the environment, never in code. If Latchkey is unreachable,
    requests are denied.
  </BestPractice>
);

const GATEWAY: Record<string, ReactNode> = {
  nginx: (
    <>
      Put the first file into <Code>http {"{}"}</Code>, for instance as <Code>/etc/nginx/conf.d/latchkey.conf</Code>,
      and the second into <Code>/etc/nginx/</Code>.
    </>
  ),
  caddy: "Use it as your Caddyfile, or import it into yours. For Caddy 2.6 and later.",
  traefik:
    "A dynamic configuration for Traefik 3; labels and Kubernetes middlewares have the same names. Based on the vendor’s docs; not covered by our tests.",
  kong: (
    <>
      For Kong 3 without a database. Needs <Code>KONG_UNTRUSTED_LUA_SANDBOX_REQUIRES=resty.http</Code>. Based on the
      vendor’s docs; not covered by our tests.
    </>
  ),
  envoy: "For Envoy 1.28 and later, with ext_authz over HTTP. Based on the vendor’s docs; not covered by our tests.",
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
      <p>{about} Replace the upstream and paths. Paths that aren’t listed are denied.</p>
      <p>
        It calls the verifier at{" "}
        <Code>
          {host}:{port}
        </Code>
        . Replace this with the address at which your gateway reaches it. The console has the same endpoints at{" "}
        <Code>{places.console}</Code>.
      </p>
      <BestPractice>
        Set the verifier’s <Code>TRUSTED_PROXIES</Code> to the gateway’s IP address, so that IP allowlists apply to the
        client’s address. Let only the gateway reach its port.
      </BestPractice>
    </div>
  );
}
