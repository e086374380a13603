"use client";

import { Check, Copy } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";

type Outcome = "idle" | "copied" | "failed";

/** A file to copy, in a scrollable box. */
export function CodeBlock({ name, text }: { name: string; text: string }) {
  const code = useRef<HTMLElement>(null);
  const [copied, setCopied] = useState<{ text: string; outcome: Outcome }>({ text, outcome: "idle" });
  // A different text with the same name hasn't been copied yet.
  const outcome = copied.text === text ? copied.outcome : "idle";

  async function copy() {
    setCopied({ text, outcome: (await copyText(text, code.current)) ? "copied" : "failed" });
  }

  return (
    <figure className="min-w-0 rounded-xl border border-line bg-surface shadow-raised">
      <figcaption className="flex items-center justify-between gap-3 border-line border-b py-2 pr-2 pl-4">
        <span className="min-w-0 truncate font-medium font-mono text-xs">{name}</span>
        <Button onClick={copy} aria-label={`Copy ${name}`}>
          {outcome === "copied" ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          {outcome === "copied" ? "Copied" : "Copy"}
        </Button>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section tabIndex={0} aria-label={name} className="max-h-[32rem] overflow-auto rounded-b-xl">
        <pre className="w-max min-w-full p-4 font-mono text-xs leading-5">
          <code ref={code}>{text}</code>
        </pre>
      </section>
      <p role="status" className={outcome === "failed" ? "px-4 pb-3 text-warning text-xs" : "sr-only"}>
        {outcome === "copied" && "Copied to clipboard."}
        {outcome === "failed" && "Your browser blocked copying. The text is selected: press Ctrl+C or ⌘C."}
      </p>
    </figure>
  );
}

/** The clipboard API exists only on https and localhost; elsewhere, the old command may work. */
async function copyText(text: string, element: HTMLElement | null): Promise<boolean> {
  const isDone = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (isDone) return true;
  if (element) window.getSelection()?.selectAllChildren(element);
  return document.execCommand("copy");
}
