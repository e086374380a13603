import { type ReactNode, useId } from "react";
import type { PolicyValues } from "./policy-values";

/** The props of all parts of the form. */
export type PartProps = {
  values: PolicyValues;
  fields: Record<string, string>;
  onChange: (change: Partial<PolicyValues>) => void;
};

/** One part of the form: its title on the left, its fields on the right. */
export function PolicyPart({ title, remark, children }: { title: string; remark: string; children: ReactNode }) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-8 gap-y-4 rounded-xl border border-line bg-surface p-4 shadow-raised md:p-5 lg:grid-cols-[16rem_minmax(0,1fr)]"
    >
      <div>
        <h2 id={id} className="font-semibold text-base">
          {title}
        </h2>
        <p className="text-ink-soft">{remark}</p>
      </div>
      <div className="grid max-w-3xl content-start gap-5">{children}</div>
    </section>
  );
}

type CheckProps = {
  label: string;
  hint: string;
  error?: string;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
};

export function Check({ label, hint, error, isOn, isDisabled, onChange }: CheckProps) {
  const id = useId();
  return (
    <div className="check-row">
      <input
        id={id}
        type="checkbox"
        className="mt-1 size-4 shrink-0"
        checked={isOn}
        disabled={isDisabled}
        aria-describedby={`${id}-hint`}
        aria-invalid={error ? true : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className={error ? "text-danger text-xs" : "text-ink-soft text-xs"}>
          {error ?? hint}
        </p>
      </div>
    </div>
  );
}
