import { GATEWAY_KINDS } from "../../../verifier/gateways/gateway-kinds.ts";
import { startGateway } from "../../../verifier/gateways/running-gateway.ts";
import type { RunningServer } from "../measure.ts";
import type { Site } from "../site.ts";
import { startBare204, startBareHttp } from "./own-servers.ts";
import { startVerifier } from "./verifier.ts";

export type GatewayName = keyof typeof GATEWAY_KINDS;
export const GATEWAY_NAMES = Object.keys(GATEWAY_KINDS) as GatewayName[];

/** The gateway's subrequest: none, to a server that always allows, or to ours. */
export const QUESTIONS = ["without a question", "asks a bare 204", "asks the verifier"] as const;
export type Question = (typeof QUESTIONS)[number];

/** A gateway with the configuration from docs/gateways, in front of the bare server. */
export async function launchGateway(name: GatewayName, question: Question, site: Site): Promise<RunningServer> {
  const [api, bare204, verifier] = [await startBareHttp(site), await startBare204(site), await startVerifier(site)];
  const asked = question === "asks the verifier" ? verifier : bare204;
  const { pid, port, stop } = await startGateway(GATEWAY_KINDS[name], {
    verifierPort: portOf(asked),
    apiPort: portOf(api),
    edit: EDITS[question],
  });
  site.cleanUp(stop);
  return { pid, origin: `http://127.0.0.1:${port}` };
}

const EDITS: Record<Question, (text: string) => string> = {
  "without a question": (text) =>
    text
      .replace("auth_request /_latchkey/ask;", "auth_request off;")
      .replaceAll(/forward_auth \{[^}]*\}/g, "")
      .replace("http-request lua.latchkey", "http-request set-var(txn.latchkey_verdict) str(valid)"),
  // HAProxy's script accepts only 200.
  "asks a bare 204": (text) => text.replace("answer.status == 200", "answer.status == 204"),
  "asks the verifier": (text) => text,
};

const portOf = ({ origin }: RunningServer) => Number(new URL(origin).port);
