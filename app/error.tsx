"use client";

import { MessagePage } from "@/components/message-page";
import { Button } from "@/components/ui/button";

/** What a page shows when it fails, most often because the database is away. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <MessagePage title="This page couldn't be loaded">
      <p>Nothing was changed. Try again in a moment; if it stays like this, Latchkey's log has the reason.</p>
      {error.digest && <p className="font-mono text-xs">Reference {error.digest}</p>}
      <Button variant="primary" onClick={() => reset()}>
        Try again
      </Button>
    </MessagePage>
  );
}
