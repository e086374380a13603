import { describeKey } from "@/lib/verification/describe-key";
import { bearerCaller } from "@/lib/verification/verify-token";
import { type Door, success } from "../door.ts";

/** Who am I: the key behind the token, its team, its member and what it may do now. */
export const me: Door = {
  name: "me",
  methods: ["GET", "HEAD"],
  async answer(request) {
    const { authorization, context, requestId } = request;
    const caller = await bearerCaller(authorization, { ip: context.ip }, { door: "me", requestId, context });
    return "key" in caller ? success(`{${describeKey(caller.key, caller.scopes)}}`) : caller;
  },
};
