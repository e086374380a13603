import type { ComponentProps } from "react";
import { classNames } from "@/components/ui/class-names";

const VARIANTS = {
  primary: "bg-accent text-accent-ink hover:bg-accent-hover",
  secondary: "border border-line-strong/60 bg-surface text-ink hover:bg-sunken",
  ghost: "text-ink-soft hover:bg-sunken hover:text-ink",
  danger: "bg-danger-solid text-white hover:bg-danger-solid-hover",
} as const;

type ButtonProps = ComponentProps<"button"> & { variant?: keyof typeof VARIANTS; isBusy?: boolean };

/** Class names for links that look like buttons. */
export function buttonClass(variant: keyof typeof VARIANTS = "secondary"): string {
  return classNames(
    "inline-flex h-9 items-center max-md:h-10 justify-center gap-2 whitespace-nowrap rounded-lg px-3.5 font-medium transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-60",
    VARIANTS[variant],
  );
}

/** A busy button stays focusable, so that keyboard users keep their position. */
export function Button({ variant, isBusy, className, onClick, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      aria-disabled={isBusy || undefined}
      className={classNames(buttonClass(variant), isBusy && "opacity-70", className)}
      onClick={(event) => (isBusy ? event.preventDefault() : onClick?.(event))}
      {...props}
    />
  );
}

/** A square icon button; `label` is its accessible name. */
export function IconButton({ label, className, ...props }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      className={classNames(
        "inline-flex size-9 items-center justify-center rounded-lg text-ink-soft max-md:size-10 transition-colors hover:bg-sunken hover:text-ink",
        className,
      )}
      {...props}
    />
  );
}
