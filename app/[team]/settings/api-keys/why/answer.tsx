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
    <TitledSection title="Choose a key" description="Several keys match. Showing the most recent.">
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
      title="No key found for this token"
      description="Its checksum is valid, so it wasn't mistyped. Possible reasons:"
    >
      <Causes>
        <li>It belongs to another team or to another Latchkey, such as a test installation.</li>
        <li>It's someone else's personal key. Ask its owner or a team admin.</li>
        <li>It was never issued, or its key was lost when the database was restored.</li>
      </Causes>
    </TitledSection>
  );
}

function UnknownText() {
  return (
    <TitledSection
      title="Nothing found"
      description="No key has this ID, name or prefix, and no denied request has this ID. Possible reasons:"
    >
      <Causes>
        <li>Latchkey allowed the request. Check your API's response.</li>
        <li>The request never reached Latchkey. Check your gateway, proxy and network.</li>
        <li>The token was mistyped or unknown, so no key matches it. Paste it above to check it.</li>
        <li>There were many like it. We keep the first five per minute for each key and reason.</li>
        <li>The key belongs to someone else or to another team.</li>
      </Causes>
    </TitledSection>
  );
}

function Causes({ children }: { children: React.ReactNode }) {
  return <ul className="grid max-w-prose list-disc gap-1.5 pl-5">{children}</ul>;
}
