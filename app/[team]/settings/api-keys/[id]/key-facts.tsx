import type { ReactNode } from "react";
import { ExactTime, RelativeTime } from "@/components/time";
import { Badge } from "@/components/ui/badge";
import type { Holder } from "@/lib/insights/holder";
import type { KeyPage } from "@/lib/insights/key-page";
import { visibleText } from "@/lib/text/visible-text";
import { ScopeBadge } from "../scope-badge";

/** The key's properties as names and values. */
export function KeyFacts({ page, now }: { page: KeyPage; now: string }) {
  const { key, owner, responsible, revokedAt, lastUse } = page;
  const { resource, allowedIps } = key;
  return (
    <dl className="grid gap-x-6 gap-y-4 rounded-xl border border-line bg-surface p-4 shadow-raised sm:grid-cols-2 lg:grid-cols-3">
      <Fact name="Owner">
        {owner ? <Person holder={owner} /> : "Team"}
        {page.isOwn && <span className="text-ink-soft"> (you)</span>}
      </Fact>
      {key.kind === "team" && (
        <Fact name="Contact">{responsible ? <Person holder={responsible} /> : <Nothing>None</Nothing>}</Fact>
      )}
      <Fact name="Created">
        <ExactTime iso={key.createdAt} withZone />
      </Fact>
      {revokedAt && (
        <Fact name="Revoked">
          <ExactTime iso={revokedAt} withZone />
        </Fact>
      )}
      <Fact name="Expires">
        {key.expiresAt ? <ExactTime iso={key.expiresAt} withZone /> : <Nothing>Never</Nothing>}
      </Fact>
      <Fact name="Last used">
        {lastUse ? (
          <>
            <RelativeTime iso={lastUse.at} now={now} />
            {lastUse.ip && <span className="block font-mono text-ink-soft text-xs">from {lastUse.ip}</span>}
            {lastUse.userAgent && (
              <span className="block text-ink-soft text-xs">by {visibleText(lastUse.userAgent)}</span>
            )}
          </>
        ) : (
          <Nothing>Never</Nothing>
        )}
      </Fact>
      <Fact name="Scopes" isWide>
        <span className="flex flex-wrap gap-1">
          {key.scopes.map((scope) => (
            <ScopeBadge key={scope} scope={scope} isWithheld={key.withheldScopes.includes(scope)} />
          ))}
        </span>
        {key.withheldScopes.length > 0 && (
          <span className="mt-1 block text-ink-soft text-xs">
            {key.kind === "personal"
              ? "Crossed-out scopes are inactive: the owner's role no longer includes them."
              : "Crossed-out scopes are inactive: the permission catalog no longer includes them."}
          </span>
        )}
      </Fact>
      <Fact name="Resource access">
        {resource ? <code className="font-mono text-xs">{resource}</code> : "All resources"}
      </Fact>
      <Fact name="Allowed IP addresses">
        {allowedIps.length > 0 ? (
          <code className="font-mono text-xs">{allowedIps.join(", ")}</code>
        ) : (
          <Nothing>Any</Nothing>
        )}
      </Fact>
      <Fact name="ID">
        <code className="font-mono text-xs">{key.id}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, isWide, children }: { name: string; isWide?: boolean; children: ReactNode }) {
  return (
    <div className={isWide ? "min-w-0 sm:col-span-2" : "min-w-0"}>
      <dt className="text-ink-soft text-xs">{name}</dt>
      <dd className="wrap-anywhere mt-0.5">{children}</dd>
    </div>
  );
}

function Nothing({ children }: { children: ReactNode }) {
  return <span className="text-ink-soft">{children}</span>;
}

function Person({ holder }: { holder: Holder }) {
  return (
    <>
      {visibleText(holder.name)}
      {holder.state !== "active" && (
        <>
          {" "}
          <Badge tone="danger">{holder.state === "removed" ? "Removed" : "Disabled"}</Badge>
        </>
      )}
    </>
  );
}
