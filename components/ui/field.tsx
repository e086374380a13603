import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "@/components/ui/class-names";

export const inputClass =
  "h-9 w-full min-w-0 rounded-lg border max-md:h-10 max-md:text-base border-line-strong bg-surface px-3 text-ink placeholder:text-ink-soft aria-invalid:border-danger";

type FieldProps = {
  label: string;
  hint?: ReactNode;
  error?: string;
  isOptional?: boolean;
  children: (control: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": true | undefined;
  }) => ReactNode;
};

/** A labeled control with its hint and error, connected for assistive technology. */
export function Field({ label, hint, error, isOptional, children }: FieldProps) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
        {isOptional && <span className="font-normal text-ink-soft"> (optional)</span>}
      </label>
      {children({ id, "aria-describedby": describedBy, "aria-invalid": error ? true : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="text-ink-soft text-xs">
          {hint}
        </p>
      )}
      <FieldError id={`${id}-error`} message={error} />
    </div>
  );
}

/** In a long form, the error may be outside the viewport. */
function showIfBelow(message: HTMLElement | null) {
  message?.scrollIntoView({ block: "nearest" });
}

/** The error under a control. The empty element stays, so that a new message is announced. */
export function FieldError({ id, message }: { id?: string; message?: string }) {
  return (
    <p
      id={id}
      ref={message ? showIfBelow : undefined}
      role="alert"
      className={message ? "scroll-my-4 text-danger text-xs" : "sr-only"}
    >
      {message}
    </p>
  );
}

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={classNames(inputClass, className)} {...props} />;
}

export function Select({ className, ...props }: ComponentProps<"select">) {
  return <select className={classNames(inputClass, "px-2!", className)} {...props} />;
}

type Labels = Omit<FieldProps, "children">;

function labelled<Props extends object>(Control: (props: Props) => ReactNode) {
  return function Labelled({ label, hint, error, isOptional, ...props }: Labels & Props) {
    return (
      <Field label={label} hint={hint} error={error} isOptional={isOptional}>
        {(control) => <Control {...control} {...(props as unknown as Props)} />}
      </Field>
    );
  };
}

export const TextField = labelled(Input);

export const SelectField = labelled(Select);
