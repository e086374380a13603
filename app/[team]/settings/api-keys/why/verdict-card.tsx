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
            This request was refused on <ExactTime iso={asked.at} />
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
        title: "Refused: the key is revoked",
        why: <Ended by={verdict.ending} at={verdict.at} verb="revoked" />,
        fix: (
          <>
            revoking can't be undone. <PlainLink href={keysPath}>Create a new key</PlainLink> and put its token in
            place, or use the successor's token where there is one.
          </>
        ),
      };
    case "expired":
      return {
        title: "Refused: the key has expired",
        why: <Ended by={verdict.ending} at={verdict.at} verb="expired" />,
        fix: (
          <>
            renew it or <PlainLink href={keysPath}>create a new key</PlainLink>, and put the new token in place. If it
            was rotated, the successor's token is the one to use.
          </>
        ),
      };
    case "owner_inactive":
      return ownerInactive(verdict, { keysPath, team, managesMembers });
    case "ip_not_allowed":
      return {
        title: "Refused: the address isn't allowed",
        why: `It was called from ${verdict.ip ?? "an address that isn't known"}. ${
          verdict.allowedIps.length > 0
            ? `The key may be used only from ${verdict.allowedIps.join(", ")}.`
            : "The key may be used from anywhere now: it was changed since."
        }`,
        fix: "if you know that address, add it with “Narrow” on the key's own page. If you don't, somebody else may have the token: rotate the key without an overlap. If the address is your gateway's, check TRUSTED_PROXIES.",
      };
    case "insufficient_scope":
      return insufficientScope(verdict);
    case "wrong_resource":
      return {
        title: "Refused: the key doesn't reach that resource",
        why: verdict.resource
          ? `The key is narrowed to ${verdict.resource}, and the request was about another resource or the whole team.`
          : "The key was narrowed to one resource then; it reaches the whole team now.",
        fix: "call with that resource, or use a key that reaches the whole team.",
      };
    case "let_through":
      return {
        title: "Latchkey lets it through",
        why: verdict.lastUse ? (
          <>
            Its latest call was accepted <RelativeTime iso={verdict.lastUse.at} now={now} />
            {verdict.lastUse.ip && ` from ${verdict.lastUse.ip}`}, and the API behind answered.
            {refusals > 0 ? " What was refused before that is below." : " Nothing was refused in the last 30 days."}
          </>
        ) : (
          "The key is good, but no call with it has ever reached Latchkey, accepted or refused."
        ),
        fix: verdict.lastUse
          ? "look at what the API behind it answered. If your calls don't show here, they are made with another token or don't reach Latchkey."
          : "check that the token is sent as “Authorization: Bearer …”, and that your API or gateway asks this Latchkey. Paste the token above to see which key it is.",
      };
  }
}

type Ending = Extract<Verdict, { code: "revoked" | "expired" }>["ending"];

/** "Mary revoked it on …", if the log names the user. */
function Ended({ by, at, verb }: { by: Ending; at: string | null; verb: "revoked" | "expired" }) {
  const isByRotation = by?.action === "api_key.rotated" || by?.action === "api_key.overlap_ended";
  const when = at ? <ExactTime iso={at} /> : "a day that isn't on record";
  if (by && isByRotation) {
    return (
      <>
        {visibleText(by.by)} replaced it by another key, and it {verb === "revoked" ? "was revoked" : "expired"} on{" "}
        {when}.
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
      {by?.action === "api_key.expiry_changed" && ` ${visibleText(by.by)} had set that expiry.`}
    </>
  );
}

function ownerInactive(
  { name, state, since }: Extract<Verdict, { code: "owner_inactive" }>,
  { keysPath, team, managesMembers }: Pick<CardProps, "keysPath" | "team" | "managesMembers">,
): Wording {
  const who = name === null ? "Its owner" : visibleText(name);
  return {
    title: "Refused: its owner is disabled or removed",
    why:
      state === "active" ? (
        `${who} was disabled then, and is active again now.`
      ) : (
        <>
          A personal key acts as its member, and {who} was {state}
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
        what must outlive people belongs in a <PlainLink href={`${keysPath}?kind=team`}>team key</PlainLink>.
        {state === "disabled" && managesMembers && (
          <>
            {" "}
            Or enable the member again under <PlainLink href={`/${team}/settings/members`}>Members</PlainLink>: the key
            works from then on.
          </>
        )}
      </>
    ),
  };
}

function insufficientScope(verdict: Extract<Verdict, { code: "insufficient_scope" }>): Wording {
  const { missing, notHeld, notGranted, roleName } = verdict;
  const parts = [
    missing.length > 0
      ? `The request needed ${missing.join(", ")}.`
      : "None of the key's scopes serves such a request.",
    notHeld.length > 0 ? `The key doesn't have ${notHeld.join(", ")}.` : "",
    notGranted.length > 0
      ? `The key has ${notGranted.join(", ")}, but its owner's role${roleName ? ` “${roleName}”` : ""} doesn't grant it any more.`
      : "",
    missing.length > 0 && notHeld.length + notGranted.length === 0
      ? "The key may do that now: its owner's role was changed since, or the method needs a scope that may write."
      : "",
  ];
  return {
    title: "Refused: a scope is missing",
    why: visibleText(parts.filter(Boolean).join(" ")),
    fix:
      notGranted.length > 0 && notHeld.length === 0
        ? "ask a team admin to grant it to the role."
        : "a key's scopes can't be widened. Create a key that has them, and put its token in place.",
  };
}
