"use client";

import { TitledSection } from "@/components/titled-section";
import type { ApiKeyDto } from "@/lib/api-keys/dto";
import { tokenEnds } from "@/lib/api-keys/key-label";
import type { StopAnswer } from "@/lib/insights/explain-stop";
import { visibleText } from "@/lib/text/visible-text";
import { PlainLink } from "../[id]/plain-link";
import { KeyStatus } from "../key-status";
import { Story } from "./story";

type AnswerProps = { answer: StopAnswer; keysPath: string; team: string; managesMembers: boolean; now: string };

/** The recorded explanation, or possible causes without one. */
export function Answer({ answer, ...props }: AnswerProps) {
  switch (answer.found) {
    case "story":
      return <Story story={answer.story} {...props} />;
    case "several":
      return <Several keys={answer.keys} keysPath={props.keysPath} />;
    case "nothing":
      return answer.askedFor === "token" ? <UnknownToken /> : <UnknownText />;
  }
}

function Several({ keys, keysPath }: { keys: ApiKeyDto[]; keysPath: string }) {
  return (
    <TitledSection title="Which of these?" description="More than one key fits. The newest are shown.">
      <ul className="rounded-xl border border-line bg-surface shadow-raised">
        {keys.map((key) => (
          <li
            key={key.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 not-first:border-line not-first:border-t"
          >
            <span className="wrap-anywhere font-medium">
              <PlainLink href={`${keysPath}/why?q=${key.id}`}>{visibleText(key.name ?? "No name")}</PlainLink>
            </span>
            <code className="font-mono text-ink-soft text-xs">{tokenEnds(key)}</code>
            <KeyStatus apiKey={key} />
          </li>
        ))}
      </ul>
    </TitledSection>
  );
}

function UnknownToken() {
  return (
    <TitledSection
      title="No key that you can see has this token"
      description="Its checksum is right, so it isn't a typo. It can be:"
    >
      <Causes>
        <li>a token of another team, or of another Latchkey, such as the one for testing;</li>
        <li>somebody else's personal key: ask its owner, or a team admin;</li>
        <li>nobody's: made up, or from a database that was since restored.</li>
      </Causes>
    </TitledSection>
  );
}

function UnknownText() {
  return (
    <TitledSection
      title="Nothing on record that you can see"
      description="No key has this id, name or prefix, and no refusal has this request id. It can be that:"
    >
      <Causes>
        <li>Latchkey let the request through, and the API behind it answered: look there;</li>
        <li>the request never reached Latchkey: a gateway, a proxy or the network answered before it;</li>
        <li>its token was a typo or nobody's. Such refusals belong to no key: paste the token above to check it;</li>
        <li>it was one of very many. Of each key and reason the first five a minute are kept; the counts are whole;</li>
        <li>the key is somebody else's or another team's.</li>
      </Causes>
    </TitledSection>
  );
}

function Causes({ children }: { children: React.ReactNode }) {
  return <ul className="grid max-w-prose list-disc gap-1.5 pl-5">{children}</ul>;
}
