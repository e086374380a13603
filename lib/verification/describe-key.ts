import { effectiveExpiry } from "@/lib/policies/at-verification";
import type { Holder, KeyGrant, VerifiedKey } from "@/lib/verification/verified-key";

/**
 * A key as `GET /api/v1/me` and `POST /api/v1/verify` tell of it: members of a JSON object, without its braces. `scopes`
 * are the effective ones, within what its member may do and the team's policy lets it have; `expires_at` is when it
 * really ends. Put together from texts, because most of them are the same for many keys and this is done for every call.
 */
export function describeKey(key: VerifiedKey, scopes: readonly string[]): string {
  const { id, name, kind, tokenStart, tokenLastFour, createdAt } = key;
  // What a token consists of needs no escaping.
  const own = `"id":"${id}","name":${json(name)},"kind":"${kind}","prefix":"${tokenStart}","last_four":"${tokenLastFour}"`;
  const effectiveScopes = scopes.length === key.scopes.length ? scopesText(key.grant) : json(scopes);
  const expiresAt = effectiveExpiry(key);
  return (
    `"key":{${own},${grantText(key.grant)},"created_at":"${createdAt.toISOString()}"},${holderText(key.holder)},` +
    `"scopes":${effectiveScopes},"expires_at":${expiresAt ? `"${expiresAt.toISOString()}"` : "null"}`
  );
}

const json = (value: unknown) => JSON.stringify(value);

const scopesText = computedOnce(({ scopes }: KeyGrant) => json(scopes));

const grantText = computedOnce((grant: KeyGrant) => {
  const { resource, allowedIps } = grant;
  return `"scopes":${scopesText(grant)},"resource":${json(resource)},"allowed_ips":${json(allowedIps)}`;
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
