"use client";

import { Check, Download, Link2 } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { useState } from "react";
import { Button, buttonClass } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";

const FORMATS = [
  { format: "csv", label: "CSV" },
  { format: "jsonl", label: "JSON Lines" },
];

/** Shares the current entries: a link with all filters, and a file. */
export function TakeAway() {
  const path = usePathname();
  const params = useSearchParams();
  const toast = useToast();
  const [isCopied, setCopied] = useState(false);

  const filters = new URLSearchParams(params);
  filters.delete("after");
  filters.delete("before");

  async function copyLink() {
    const link = `${window.location.origin}${path}${filters.size > 0 ? `?${filters}` : ""}`;
    const isDone = await navigator.clipboard?.writeText(link).then(
      () => true,
      () => false,
    );
    setCopied(Boolean(isDone));
    toast(isDone ? "Link copied." : "Your browser blocked copying. Copy the link from the address bar.");
  }

  const file = (format: string) => `${path}/export?${new URLSearchParams([...filters, ["format", format]])}`;
  return (
    <div className="flex flex-wrap gap-2">
      <Button onClick={copyLink}>
        {isCopied ? <Check size={16} aria-hidden /> : <Link2 size={16} aria-hidden />} Copy link
      </Button>
      {FORMATS.map(({ format, label }) => (
        <a key={format} href={file(format)} download className={buttonClass()}>
          <Download size={16} aria-hidden /> <span className="sr-only">Export as </span>
          {label}
        </a>
      ))}
    </div>
  );
}
