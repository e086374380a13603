import "server-only";
import type { z } from "zod";
import { type ResourceInput, resourceFault } from "@/lib/api-keys/resources";
import { createApiKeySchema, narrowApiKeySchema } from "@/lib/api-keys/schemas";

/** Asked here already, so that a form is told at once of everything that is wrong in it. */
function refuseUnknown(wanted: ResourceInput | null | undefined, context: z.RefinementCtx): void {
  const fault = wanted && resourceFault(wanted);
  if (fault) context.addIssue({ code: "custom", message: fault.message });
}

/** What the dialogs send: as the operations take it, with the resource looked up beside the other fields. */
export const createApiKeyFormSchema = createApiKeySchema.extend({
  resource: createApiKeySchema.shape.resource.superRefine(refuseUnknown),
});
export const narrowApiKeyFormSchema = narrowApiKeySchema.extend({
  resource: narrowApiKeySchema.shape.resource.superRefine(refuseUnknown),
});
