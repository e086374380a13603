/** Integrations in the order of the page's tabs. `files`: the gateway's configuration in docs/gateways. */
export const INTEGRATIONS = {
  curl: { label: "curl", files: [] },
  node: { label: "Node", files: [] },
  python: { label: "Python", files: [] },
  go: { label: "Go", files: [] },
  nginx: { label: "nginx", files: ["nginx.conf", "latchkey-location.conf"] },
  caddy: { label: "Caddy", files: ["Caddyfile"] },
  traefik: { label: "Traefik", files: ["traefik.yaml"] },
  kong: { label: "Kong", files: ["kong.yaml"] },
  envoy: { label: "Envoy", files: ["envoy.yaml"] },
  haproxy: { label: "HAProxy", files: ["haproxy.cfg", "latchkey.lua"] },
} as const satisfies Record<string, { label: string; files: readonly string[] }>;

export type Integration = keyof typeof INTEGRATIONS;
export const INTEGRATION_NAMES = Object.keys(INTEGRATIONS) as [Integration, ...Integration[]];
