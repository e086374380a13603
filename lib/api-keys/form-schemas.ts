import "server-only";
import type { z } from "zod";
import { expiryProblem } from "@/lib/api-keys/expiry";
import { type ResourceInput, resourceFault } from "@/lib/api-keys/resources";
import { createApiKeySchema, type ExpiryInput, narrowApiKeySchema } from "@/lib/api-keys/schemas";

/** Asked here already, so that a form is told at once of everything that is wrong in it. */
function refuseUnknown(wanted: ResourceInput | null | undefined, context: z.RefinementCtx): void {
  const fault = wanted && resourceFault(wanted);
  if (fault) context.addIssue({ code: "custom", message: fault.message });
}

/** The same for a date; `now` is the database's clock. */
const refusePast = (now: Date) => (expiry: ExpiryInput, context: z.RefinementCtx) => {
  const problem = "at" in expiry ? expiryProblem(expiry.at, now) : null;
  if (problem) context.addIssue({ code: "custom", message: problem });
};

/** What the dialogs send: as the operations take it, with the resource and the date judged beside the other fields. */
export const createApiKeyFormSchema = (now: Date) =>
  createApiKeySchema.extend({
    resource: createApiKeySchema.shape.resource.superRefine(refuseUnknown),
    expiry: createApiKeySchema.shape.expiry.superRefine(refusePast(now)),
  });
export const narrowApiKeyFormSchema = narrowApiKeySchema.extend({
  resource: narrowApiKeySchema.shape.resource.superRefine(refuseUnknown),
});
