import { describeKey } from "@/lib/verification/describe-key";
import { bearerCaller, type Caller } from "@/lib/verification/verify-token";
import { type Endpoint, success } from "../endpoint.ts";

/** The token's key, with its team, member and effective scopes. */
export const me: Endpoint = {
  name: "me",
  methods: ["GET", "HEAD"],
  handle({ authorization, client, requestId }) {
    return bearerCaller(authorization, { ip: client.ip }, { endpoint: "me", requestId, client }, described);
  },
};

const described = ({ key, scopes }: Caller) => success(`{${describeKey(key, scopes)}}`);
