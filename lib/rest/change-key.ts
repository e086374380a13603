import "server-only";
import { changeApiKey } from "@/lib/api-keys/change/change-api-key";
import { redating } from "@/lib/api-keys/change/change-expiry";
import { narrowing } from "@/lib/api-keys/change/narrow-api-key";
import { renaming } from "@/lib/api-keys/change/rename-api-key";
import { MANAGE_ANY_KEYS } from "@/lib/api-keys/kinds";
import type { Actor } from "@/lib/auth/actor";
import { authorize } from "@/lib/auth/permissions";
import { afterCommit } from "@/lib/database/database-away";
import { notFound } from "@/lib/errors";
import { inContractTerms } from "@/lib/rest/field-names";
import type { KeyJson } from "@/lib/rest/key-json";
import { readKey } from "@/lib/rest/read-keys";
import { type ChangeKeyInput, uuidSchema } from "@/lib/rest/schemas";

/** Renames, restricts and changes the expiry of an active key as requested, all or nothing. */
export async function changeKey(actor: Actor, id: string, input: ChangeKeyInput): Promise<KeyJson> {
  authorize(actor, ...MANAGE_ANY_KEYS);
  if (!uuidSchema.safeParse(id).success) throw notFound("API key");
  await changeApiKey(actor, id, (...about) => sequentially(changesOf(actor, input), ...about)).catch(
    inContractTerms(input),
  );
  return afterCommit(readKey(actor, id));
}

function changesOf(actor: Actor, { name, expiry, resource, allowed_ips: allowedIps }: ChangeKeyInput) {
  return [
    ...(name !== undefined ? [renaming(name)] : []),
    ...(expiry !== undefined ? [redating(actor, expiry)] : []),
    ...(resource !== undefined || allowedIps !== undefined ? [narrowing(actor, { resource, allowedIps })] : []),
  ];
}

type Decide = ReturnType<typeof changesOf>[number];

/** Sequential, because they use the same connection. */
async function sequentially(decisions: Decide[], ...about: Parameters<Decide>) {
  const changes = [];
  for (const decide of decisions) changes.push(await decide(...about));
  return changes;
}
