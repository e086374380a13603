import { effectiveExpiry } from "@/lib/policies/at-verification";
import { asciiJson } from "@/lib/text/ascii-json";
import type { Holder, KeyGrant, VerifiedKey } from "@/lib/verification/verified-key";

/**
 * A key in responses of `GET /api/v1/me` and `POST /api/v1/verify`: members of a JSON object, without its braces, in ASCII.
 * `scopes` are the effective ones, limited by its member's role and the team's policy; `expires_at` is the effective expiry.
 * Composed of texts that many keys share: `JSON.stringify` of the whole costs 5 to 15 % of the requests.
 */
export function describeKey(key: VerifiedKey, scopes: readonly string[]): string {
  const { grant, holder } = key;
  const effectiveScopes = scopes.length === grant.scopes.length ? scopesText(grant) : asciiJson(scopes);
  const expiresAt = effectiveExpiry(key);
  const expiry = expiresAt ? `"${expiresAt.toISOString()}"` : "null";
  return `"key":{"id":"${key.ownJson}${grantText(grant)}${key.createdAt.toISOString()}${holderText(holder)}${effectiveScopes},"expires_at":${expiry}`;
}

const scopesText = computedOnce(({ scopes }: KeyGrant) => asciiJson(scopes));

/** From a key's own JSON to its time of creation. */
const grantText = computedOnce(({ kind, scopes, resource, allowedIps }: KeyGrant) => {
  const grant = asciiJson({ kind, scopes, resource, allowed_ips: allowedIps });
  return `,${grant.slice(1, -1)},"created_at":"`;
});

/** From there to the effective scopes. */
const holderText = computedOnce(({ team: { id, slug, name }, member }: Holder) => {
  const described = member && { id: member.id, name: member.name, email: member.email, role: member.roleName };
  return `"},"team":${asciiJson({ id, slug, name })},"member":${asciiJson(described)},"scopes":`;
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
