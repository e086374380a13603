import { describeKey } from "@/lib/verification/describe-key";
import { bearerCaller, type Caller } from "@/lib/verification/verify-token";
import { type Door, success } from "../endpoint.ts";

/** The token's key, with its team, member and effective scopes. */
export const me: Door = {
  name: "me",
  methods: ["GET", "HEAD"],
  answer({ authorization, context, requestId }) {
    return bearerCaller(authorization, { ip: context.ip }, { door: "me", requestId, context }, described);
  },
};

const described = ({ key, scopes }: Caller) => success(`{${describeKey(key, scopes)}}`);
