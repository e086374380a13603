"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { LiveFields } from "@/components/live-fields";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useToast } from "@/components/ui/toast";
import { unanswered } from "@/components/unanswered";
import type { ActionFailure } from "@/lib/action-result";
import type { ScopeGroup } from "@/lib/api-keys/scope-presets";
import type { PolicyPreview } from "@/lib/policies/preview-policy";
import type { PolicyInput } from "@/lib/policies/schemas";
import { previewPolicyAction, savePolicyAction } from "./actions";
import { ConfirmPolicy } from "./confirm-policy";
import { LifetimeFields } from "./lifetime-fields";
import { LimitFields } from "./limit-fields";
import { policyOf, valuesOf } from "./policy-values";
import { ScopeLimit } from "./scope-limit";

type FormProps = { team: string; policy: PolicyInput; changedAt: string | null; groups: ScopeGroup[] };

/** `seen`: when the policy in the form was saved, so that another user's change isn't overwritten silently. */
export function PolicyForm({ team, policy, changedAt, groups }: FormProps) {
  const [values, setValues] = useState(() => valuesOf(policy));
  const [seen, setSeen] = useState(changedAt);
  const [question, setQuestion] = useState<PolicyPreview | null>(null);
  const [problem, setProblem] = useState<ActionFailure["error"] | null>(null);
  const [isBusy, startTransition] = useTransition();
  const showToast = useToast();
  const router = useRouter();
  const isOutdated = problem?.code === "conflict" && changedAt !== seen;

  /** Asks for confirmation if keys would break the policy in the form. */
  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    startTransition(async () => {
      const result = await previewPolicyAction(team, policyOf(values)).catch(unanswered);
      if (!result.ok) return setProblem(result.error);
      if (result.data.total + result.data.membersBeyond > 0) setQuestion(result.data);
      else await save();
    });
  }

  async function save() {
    const result = await savePolicyAction(team, { ...policyOf(values), seen }).catch(unanswered);
    setQuestion(null);
    setProblem(result.ok ? null : result.error);
    if (result.ok) {
      setSeen(result.data.changedAt);
      setValues(valuesOf(policyOf(values)));
      showToast("Policy saved");
    }
    if (result.ok || result.error.code === "conflict") router.refresh();
  }

  function goOn(next = values) {
    setSeen(changedAt);
    setValues(next);
    setProblem(null);
  }

  const fields = problem?.fields ?? {};
  const part = { values, fields, onChange: (change: Partial<typeof values>) => setValues({ ...values, ...change }) };
  return (
    <form onSubmit={submit} className="grid gap-5" noValidate>
      <LiveFields>
        <LifetimeFields {...part} />
        <LimitFields {...part} />
        <ScopeLimit {...part} groups={groups} />
      </LiveFields>
      {problem && !isOutdated && (
        <Notice tone="danger" role="alert">
          {problem.message}
        </Notice>
      )}
      {isOutdated && (
        <Notice tone="warning" role="alert">
          <p>{problem.message}</p>
          <div className="mt-2 flex flex-wrap gap-2">
            <Button onClick={() => goOn()}>Keep my changes</Button>
            <Button onClick={() => goOn(valuesOf(policy))}>Use theirs</Button>
          </div>
        </Notice>
      )}
      <div>
        <Button type="submit" variant="primary" isBusy={isBusy} disabled={isOutdated}>
          Save policy
        </Button>
      </div>
      {question && (
        <ConfirmPolicy
          team={team}
          preview={question}
          isBusy={isBusy}
          onConfirm={() => startTransition(save)}
          onClose={() => setQuestion(null)}
        />
      )}
    </form>
  );
}
