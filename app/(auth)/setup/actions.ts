"use server";

import { type ActionResult, failure } from "@/lib/action-result";
import { requestContext } from "@/lib/auth/request-context";
import { firstAdminSchema, setUpWithCode } from "@/lib/setup/create-first-admin";

export async function setUpAction(code: unknown, input: unknown): Promise<ActionResult<null>> {
  try {
    await setUpWithCode(code, firstAdminSchema.parse(input), await requestContext());
    return { ok: true, data: null };
  } catch (error) {
    return failure(error);
  }
}
