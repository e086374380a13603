import type { ReactNode } from "react";

/** A page's title, description and main action. */
export function PageHeader({
  title,
  description,
  action,
}: {
  title: string;
  description: ReactNode;
  action?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
      <div className="grid min-w-0 max-w-prose gap-1">
        <h1 className="wrap-anywhere font-semibold text-2xl tracking-tight">{title}</h1>
        <p className="text-ink-soft">{description}</p>
      </div>
      {action}
    </header>
  );
}
