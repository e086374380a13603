import { type ReactNode, useId } from "react";

type TitledSectionProps = { title: string; description?: ReactNode; action?: ReactNode; children: ReactNode };

/** A part of a page with its own heading, exposed as a region. */
export function TitledSection({ title, description, action, children }: TitledSectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid min-w-0 gap-3">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div className="grid max-w-prose gap-0.5">
          <h2 id={id} className="font-semibold text-base">
            {title}
          </h2>
          {description && <p className="text-ink-soft">{description}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
