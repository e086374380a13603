"use client";

import { type FormEvent, useRef, useState, useTransition } from "react";
import { BackLink } from "@/components/back-link";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { unanswered } from "@/components/unanswered";
import { withoutSecret } from "@/lib/api-keys/token-shape";
import type { StopAnswer } from "@/lib/insights/explain-stop";
import { readPasted, sha256Hex } from "@/lib/insights/pasted-token";
import { explainStopAction } from "./actions";
import { Answer } from "./answer";

type ScreenProps = {
  team: string;
  /** The query in the page's URL, and its result. */
  asked: string;
  answer: StopAnswer | null;
  managesMembers: boolean;
  now: string;
};

const PROBLEMS = {
  nothing: "Enter a request ID, a key or a token.",
  mistyped: "This token isn't complete or was mistyped (checksum mismatch). Copy it again.",
  incomplete: "This token isn't complete: it has 72 characters after the prefix. Copy it again.",
  noCrypto:
    "Your browser can't hash the token because this page isn't on HTTPS. Nothing was sent. Search by prefix or name instead.",
} as const;

/** One field for all inputs. A pasted token is hashed here and cleared from the field; only its SHA-256 is sent. */
export function WhyScreen({ team, asked, answer: first, managesMembers, now }: ScreenProps) {
  // Uncontrolled: input from before hydration is preserved, and a token never enters React state.
  const field = useRef<HTMLInputElement>(null);
  const [answer, setAnswer] = useState(first);
  const [problem, setProblem] = useState<string>();
  const [isBusy, startTransition] = useTransition();
  const keys = `/${team}/settings/api-keys`;

  function ask(event: FormEvent) {
    event.preventDefault();
    const input = field.current;
    if (isBusy || !input) return;
    startTransition(async () => {
      const question = await questionIn(input.value);
      input.value = withoutSecret(input.value);
      setAnswer(null);
      setProblem(typeof question === "string" ? question : undefined);
      if (typeof question === "string") return;
      const result = await explainStopAction(team, question).catch(unanswered);
      if (result.ok) setAnswer(result.data);
      else setProblem(result.error.fields.text ?? result.error.message);
    });
  }

  return (
    <div className="grid min-w-0 gap-8">
      <div className="grid gap-3">
        <BackLink href={keys}>API keys</BackLink>
        <PageHeader
          title="Why did it stop?"
          description="Find out why a key or request was denied, and how to fix it."
        />
      </div>
      <form onSubmit={ask} className="grid max-w-2xl gap-3" noValidate>
        <Field
          label="Request ID, key or token"
          hint="Enter an X-Request-Id or a key's name, prefix or ID, or paste a token. Tokens are hashed in your browser."
          error={problem}
        >
          {(control) => (
            <div className="flex flex-wrap gap-2">
              <Input
                {...control}
                ref={field}
                className="w-auto! grow basis-64"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                maxLength={300}
                defaultValue={asked}
              />
              <Button type="submit" variant="primary" isBusy={isBusy}>
                {isBusy ? "Looking…" : "Find out"}
              </Button>
            </div>
          )}
        </Field>
      </form>
      <div role="status" className="grid min-w-0 gap-8">
        {answer && <Answer answer={answer} keysPath={keys} team={team} managesMembers={managesMembers} now={now} />}
      </div>
      {!answer && <Notice>Every response includes an X-Request-Id. Behind a gateway, check the gateway's logs.</Notice>}
    </div>
  );
}

/** What to send, or why nothing can be sent. */
async function questionIn(input: string): Promise<{ text: string } | { hash: string } | string> {
  const pasted = readPasted(input);
  if (pasted.kind === "text") return { text: pasted.text };
  if (pasted.kind !== "token") return PROBLEMS[pasted.kind];
  const hash = await sha256Hex(pasted.token);
  return hash ? { hash } : PROBLEMS.noCrypto;
}
