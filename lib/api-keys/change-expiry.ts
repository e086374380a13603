import "server-only";
import { changeApiKey } from "@/lib/api-keys/change-api-key";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { expiryAfter } from "@/lib/api-keys/expiry";
import type { ChangeExpiryInput } from "@/lib/api-keys/schemas";
import type { Actor } from "@/lib/auth/actor";

/** Moves the expiry of an active key, earlier or later; a chosen lifetime counts from now. */
export function changeExpiry(actor: Actor, { id, expiry }: ChangeExpiryInput): Promise<ApiKeyDto> {
  const expiresAt = "at" in expiry ? expiry.at : expiryAfter(expiry.in, new Date());
  return changeApiKey(actor, id, (key) => ({
    data: { expiresAt },
    action: "api_key.expiry_changed",
    details: { from: key.expiresAt?.toISOString() ?? null, to: expiresAt?.toISOString() ?? null },
  }));
}
