import { KeyRound } from "lucide-react";
import { Button } from "@/components/ui/button";

/** Before the first key: what a key is, what happens next, and the way to it. */
export function EmptyState({ onCreate }: { onCreate: (button: HTMLElement) => void }) {
  return (
    <section className="grid justify-items-center gap-4 rounded-xl border border-line border-dashed px-6 py-16 text-center">
      <span className="grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
        <KeyRound size={22} aria-hidden />
      </span>
      <div className="grid max-w-md gap-1.5">
        <h2 className="font-semibold text-lg">No API keys yet</h2>
        <p className="text-ink-soft">
          Make one key for each script or system that calls the API. You choose what it may do and when it expires, see
          when it was last used, and can revoke it at any moment without touching the others.
        </p>
      </div>
      <Button onClick={(event) => onCreate(event.currentTarget)}>Create your first API key</Button>
    </section>
  );
}
