"use client";

/** The last resort: the root layout itself failed, so this brings its own document. */
export default function GlobalError({ reset }: { reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>Latchkey couldn't load this page</h1>
          <p>Try again in a moment; if it stays like this, Latchkey's log has the reason.</p>
          <button type="button" onClick={() => reset()}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
