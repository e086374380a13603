import { KeyRound, Server } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { KeyKind } from "@/lib/api-keys/kinds";
import { KIND_TEXTS } from "../kind-texts";

const ICONS = { personal: KeyRound, team: Server };

type EmptyStateProps = { kind: KeyKind; onCreate: (button: HTMLElement) => void };

/** Before the first key: what a key of this kind is, and how to create one. */
export function EmptyState({ kind, onCreate }: EmptyStateProps) {
  const texts = KIND_TEXTS[kind];
  const Icon = ICONS[kind];
  return (
    <section className="grid justify-items-center gap-4 rounded-xl border border-line border-dashed px-6 py-16 text-center">
      <span className="grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
        <Icon size={22} aria-hidden />
      </span>
      <div className="grid max-w-md gap-1.5">
        <h2 className="font-semibold text-lg">{texts.emptyTitle}</h2>
        <p className="text-ink-soft">{texts.emptyText}</p>
      </div>
      <Button onClick={(event) => onCreate(event.currentTarget)}>{texts.createFirst}</Button>
    </section>
  );
}
