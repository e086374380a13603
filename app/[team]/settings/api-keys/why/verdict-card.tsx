"use client";

import { CircleAlert, CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { ExactTime, RelativeTime } from "@/components/time";
import { classNames } from "@/components/ui/class-names";
import type { KeptRefusal } from "@/lib/calls/refusals";
import type { Verdict } from "@/lib/insights/verdict";
import { visibleText } from "@/lib/text/visible-text";
import { PlainLink } from "../[id]/plain-link";

type CardProps = {
  verdict: Verdict;
  asked: KeptRefusal | null;
  /** The number of recent refusals. */
  refusals: number;
  keysPath: string;
  team: string;
  managesMembers: boolean;
  now: string;
};

/** The explanation in words: the rule, when and from where, and how to fix it. */
export function VerdictCard(props: CardProps) {
  const { verdict, asked } = props;
  const { title, why, fix } = wording(props);
  const isGood = verdict.code === "let_through";
  const Icon = isGood ? CircleCheck : CircleAlert;
  return (
    <div className={classNames("flex gap-3 rounded-xl px-4 py-4", isGood ? "bg-accent-soft" : "bg-warning-soft")}>
      <Icon size={20} aria-hidden className={classNames("mt-0.5 shrink-0", isGood ? "text-accent" : "text-warning")} />
      <div className="wrap-anywhere grid min-w-0 gap-2">
        <h2 className="font-semibold text-base">{title}</h2>
        {asked && (
          <p>
            This request was denied on <ExactTime iso={asked.at} />
            {asked.ip && ` from ${asked.ip}`}
            {asked.userAgent && ` (${visibleText(asked.userAgent)})`}, at {asked.endpoint}.
          </p>
        )}
        <p>{why}</p>
        <p>
          <span className="font-medium">What to do: </span>
          {fix}
        </p>
      </div>
    </div>
  );
}

type Wording = { title: string; why: ReactNode; fix: ReactNode };

function wording({ verdict, refusals, keysPath, team, managesMembers, now }: CardProps): Wording {
  switch (verdict.code) {
    case "revoked":
      return {
        title: "Denied: the key is revoked",
        why: <Ended by={verdict.ending} at={verdict.at} verb="revoked" />,
        fix: (
          <>
            revoking can't be undone. <PlainLink href={keysPath}>Create a new key</PlainLink> and use its token. If this
            key was rotated, use the new key's token.
          </>
        ),
      };
    case "expired":
      return {
        title: "Denied: the key has expired",
        why: <Ended by={verdict.ending} at={verdict.at} verb="expired" />,
        fix: (
          <>
            renew it or <PlainLink href={keysPath}>create a new key</PlainLink>, and use the new token. If this key was
            rotated, use the new key's token.
          </>
        ),
      };
    case "owner_inactive":
      return ownerInactive(verdict, { keysPath, team, managesMembers });
    case "ip_not_allowed":
      return {
        title: "Denied: the IP address isn't allowed",
        why: `The request came from ${verdict.ip ?? "an unknown IP address"}. ${
          verdict.allowedIps.length > 0
            ? `The key allows only ${verdict.allowedIps.join(", ")}.`
            : "The key has been changed since and now allows any IP address."
        }`,
        fix: "if you know this IP address, add it under “Restrict access” on the key's page. If you don't, someone else may have the token: rotate the key without a grace period. If it's your gateway's address, check TRUSTED_PROXIES.",
      };
    case "insufficient_scope":
      return insufficientScope(verdict);
    case "wrong_resource":
      return {
        title: "Denied: the key has no access to that resource",
        why: verdict.resource
          ? `The key is restricted to ${verdict.resource}, and the request was for another resource or for all of them.`
          : "The key was restricted to one resource then. It has access to all resources now.",
        fix: "request that resource, or use a key with access to all resources.",
      };
    case "let_through":
      return {
        title: "Latchkey allows this key",
        why: verdict.lastUse ? (
          <>
            Its latest request was allowed <RelativeTime iso={verdict.lastUse.at} now={now} />
            {verdict.lastUse.ip && ` from ${verdict.lastUse.ip}`}.
            {refusals > 0
              ? " Earlier denied requests are listed below."
              : " No requests were denied in the last 30 days."}
          </>
        ) : (
          "The key is valid, but no request with it has reached Latchkey yet."
        ),
        fix: verdict.lastUse
          ? "check your API's response. If your requests don't appear here, they use another token or don't reach Latchkey."
          : "check that the token is sent as “Authorization: Bearer …”, and that your API or gateway uses this Latchkey. Paste the token above to find its key.",
      };
  }
}

type Ending = Extract<Verdict, { code: "revoked" | "expired" }>["ending"];

/** "Mary revoked it on …", if the log names the user. */
function Ended({ by, at, verb }: { by: Ending; at: string | null; verb: "revoked" | "expired" }) {
  const isByRotation = by?.action === "api_key.rotated" || by?.action === "api_key.overlap_ended";
  const when = at ? <ExactTime iso={at} /> : "an unknown date";
  if (by && isByRotation) {
    return (
      <>
        {visibleText(by.by)} rotated it, and it {verb === "revoked" ? "was revoked" : "expired"} on {when}.
      </>
    );
  }
  if (by && verb === "revoked" && by.action === "api_key.revoked") {
    return (
      <>
        {visibleText(by.by)} revoked it on {when}.
      </>
    );
  }
  return (
    <>
      It {verb === "revoked" ? "was revoked" : "expired"} on {when}.
      {by?.action === "api_key.expiry_changed" && ` ${visibleText(by.by)} set that expiration.`}
    </>
  );
}

function ownerInactive(
  { name, state, since }: Extract<Verdict, { code: "owner_inactive" }>,
  { keysPath, team, managesMembers }: Pick<CardProps, "keysPath" | "team" | "managesMembers">,
): Wording {
  const who = name === null ? "Its owner" : visibleText(name);
  return {
    title: "Denied: its owner is disabled or removed",
    why:
      state === "active" ? (
        `${who} was disabled then and is active now.`
      ) : (
        <>
          A personal key works only while its owner is active, and {who} was {state}
          {since && (
            <>
              {" on "}
              <ExactTime iso={since} />
            </>
          )}
          .
        </>
      ),
    fix: (
      <>
        use a <PlainLink href={`${keysPath}?kind=team`}>team key</PlainLink> for anything that shouldn't depend on one
        person.
        {state === "disabled" && managesMembers && (
          <>
            {" "}
            Or enable the member under <PlainLink href={`/${team}/settings/members`}>Members</PlainLink>; the key then
            works again.
          </>
        )}
      </>
    ),
  };
}

function insufficientScope(verdict: Extract<Verdict, { code: "insufficient_scope" }>): Wording {
  const { missing, notHeld, notGranted, roleName } = verdict;
  const parts = [
    missing.length > 0 ? `The request needed ${missing.join(", ")}.` : "None of the key's scopes allows this request.",
    notHeld.length > 0 ? `The key doesn't have ${notHeld.join(", ")}.` : "",
    notGranted.length > 0
      ? `The key has ${notGranted.join(", ")}, but its owner's role${roleName ? ` “${roleName}”` : ""} no longer grants it.`
      : "",
    missing.length > 0 && notHeld.length + notGranted.length === 0
      ? "The key has it now: its owner's role has been changed since, or the method needs a write scope."
      : "",
  ];
  return {
    title: "Denied: a scope is missing",
    why: visibleText(parts.filter(Boolean).join(" ")),
    fix:
      notGranted.length > 0 && notHeld.length === 0
        ? "ask a team admin to add it to the role."
        : "scopes can't be added to a key. Create a key with them and use its token.",
  };
}
