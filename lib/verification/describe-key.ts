import { effectiveExpiry } from "@/lib/policies/at-verification";
import type { Holder, KeyGrant, VerifiedKey } from "@/lib/verification/verified-key";

/**
 * A key as `GET /api/v1/me` and `POST /api/v1/verify` tell of it: members of a JSON object, without its braces. `scopes`
 * are the effective ones, within what its member may do and the team's policy lets it have; `expires_at` is when it
 * really ends. Put together from texts, because most of them are the same for many keys and this is done for every call.
 */
export function describeKey(key: VerifiedKey, scopes: readonly string[]): string {
  const { id, name, kind, tokenStart, tokenLastFour, createdAt } = key;
  const own = `"id":"${id}","name":${json(name)},"kind":"${kind}","prefix":${json(tokenStart)},"last_four":${json(tokenLastFour)}`;
  const expiresAt = effectiveExpiry(key);
  return (
    `"key":{${own},${grantText(key.grant)},"created_at":"${createdAt.toISOString()}"},${holderText(key.holder)},` +
    `"scopes":${json(scopes)},"expires_at":${expiresAt ? `"${expiresAt.toISOString()}"` : "null"}`
  );
}

const json = (value: unknown) => JSON.stringify(value);

const grantText = computedOnce(({ scopes, resource, allowedIps }: KeyGrant) => {
  return `"scopes":${json(scopes)},"resource":${json(resource)},"allowed_ips":${json(allowedIps)}`;
});

const holderText = computedOnce(({ team: { id, slug, name }, member }: Holder) => {
  const told = member && { id: member.id, name: member.name, email: member.email, role: member.roleName };
  return `"team":${json({ id, slug, name })},"member":${json(told)}`;
});

/** A pure function of an object that computes each answer once for as long as the object lives. */
function computedOnce<Source extends object>(compute: (source: Source) => string): (source: Source) => string {
  const known = new WeakMap<Source, string>();
  return (source) => {
    let text = known.get(source);
    if (text === undefined) {
      text = compute(source);
      known.set(source, text);
    }
    return text;
  };
}
