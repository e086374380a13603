"use client";

import { MessagePage } from "@/components/message-page";
import { Button } from "@/components/ui/button";
import "./globals.css";

/** For failures of the root layout, so this renders its own document. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <MessagePage title="Latchkey couldn't load this page">
          <p>Try again in a moment. If this continues, check the server log.</p>
          <Button variant="primary" onClick={() => window.location.reload()}>
            Try again
          </Button>
        </MessagePage>
      </body>
    </html>
  );
}
