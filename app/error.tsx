"use client";

import { unstable_isUnrecognizedActionError as isUnrecognizedAction } from "next/navigation";
import { useTransition } from "react";
import { MessagePage } from "@/components/message-page";
import { Button } from "@/components/ui/button";

type Props = { error: Error & { digest?: string }; retry: () => void };

/** Shown when a page fails, usually because the database is unavailable. */
export default function ErrorPage({ error, retry }: Props) {
  const isOutdated = isMissingChunk(error) || isUnrecognizedAction(error);
  return isOutdated ? <NewVersion /> : <Failed error={error} retry={retry} />;
}

/** A chunk that is loaded on first use; a new version's server doesn't have the old one's. */
const isMissingChunk = ({ name, message }: Error) => name === "ChunkLoadError" || /^Failed to load chunk/.test(message);

function NewVersion() {
  return (
    <MessagePage title="A new version of Latchkey is available">
      <p>This page belongs to the previous version. Nothing was changed.</p>
      <Button variant="primary" onClick={() => window.location.reload()}>
        Reload the page
      </Button>
    </MessagePage>
  );
}

function Failed({ error, retry }: Props) {
  const [isBusy, startTransition] = useTransition();
  return (
    <MessagePage title="This page couldn't be loaded">
      <p>
        Most likely Latchkey can't reach its database right now. Nothing was changed. Try again in a moment. If this
        continues, check the server log.
      </p>
      {error.digest && <p className="font-mono text-xs">Reference {error.digest}</p>}
      {/* Requests the page again, because the server's cached result contains the failure. */}
      <Button variant="primary" isBusy={isBusy} onClick={() => startTransition(retry)}>
        {isBusy ? "Trying…" : "Try again"}
      </Button>
    </MessagePage>
  );
}
