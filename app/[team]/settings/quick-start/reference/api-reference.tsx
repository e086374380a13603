"use client";

import { useEffect, useRef, useState } from "react";
import { Notice } from "@/components/ui/notice";
import "./api-reference.css";

/** Shows an OpenAPI document with Swagger UI, which is loaded only here: it is larger than the rest of the console. */
export function ApiReference({ document }: { document: string }) {
  const container = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"loading" | "shown" | "failed">("loading");

  useEffect(() => {
    let isGone = false;
    const show = async () => {
      const [{ showReference }, response] = await Promise.all([import("./show-reference"), fetch(document)]);
      if (!response.ok) throw new Error(`the document answered ${response.status}`);
      const spec = await response.json();
      if (isGone || !container.current) return;
      showReference(container.current, spec);
      setState("shown");
    };
    show().catch(() => {
      if (!isGone) setState("failed");
    });
    return () => {
      isGone = true;
    };
  }, [document]);

  return (
    <>
      {state === "loading" && (
        <p role="status" className="text-ink-soft">
          Loading the reference…
        </p>
      )}
      {state === "failed" && (
        <Notice tone="danger" role="alert">
          We couldn’t load the reference. Reload the page to try again.
        </Notice>
      )}
      <div ref={container} className="api-reference" />
    </>
  );
}
