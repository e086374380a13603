"use client";

import { Check, Copy } from "lucide-react";
import { type RefObject, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { inputClass } from "@/components/ui/field";

type CopyFieldProps = { label: string; copyLabel: string; text: string; onCopied: () => void; isMultiline?: boolean };

type Outcome = "idle" | "copied" | "failed";

/** A selectable text with a copy button, which reports whether copying worked. */
export function CopyField({ label, copyLabel, text, onCopied, isMultiline }: CopyFieldProps) {
  const [outcome, setOutcome] = useState<Outcome>("idle");
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();

  async function copy() {
    const isCopied = await copyText(text, field);
    setOutcome(isCopied ? "copied" : "failed");
    if (isCopied) onCopied();
  }

  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="flex flex-wrap items-start gap-2">
        <textarea
          id={id}
          ref={field}
          readOnly
          rows={isMultiline ? 3 : 2}
          spellCheck={false}
          autoComplete="off"
          value={text}
          onFocus={(event) => event.currentTarget.select()}
          onCopy={(event) => isWholeSelected(event.currentTarget) && onCopied()}
          className={classNames(
            inputClass,
            "field-sizing-content h-auto! grow basis-80 resize-none break-all py-2 font-mono text-xs! leading-5",
          )}
        />
        <Button onClick={copy} variant={isMultiline ? "secondary" : "primary"} className="max-sm:w-full">
          {outcome === "copied" ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          {outcome === "copied" ? "Copied" : copyLabel}
        </Button>
      </div>
      <p role="status" className={outcome === "failed" ? "text-warning text-xs" : "sr-only"}>
        {outcome === "copied" && "Copied to clipboard."}
        {outcome === "failed" && "Your browser blocked copying. The text is selected: press Ctrl+C or ⌘C."}
      </p>
    </div>
  );
}

/** The clipboard API exists only on https and localhost; elsewhere, the old command may work. */
async function copyText(text: string, field: RefObject<HTMLTextAreaElement | null>): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Permission denied; try the old command.
    }
  }
  field.current?.focus();
  field.current?.select();
  return document.execCommand("copy");
}

function isWholeSelected(field: HTMLTextAreaElement): boolean {
  return field.selectionEnd - field.selectionStart === field.value.length;
}
