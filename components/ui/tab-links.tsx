import Link from "next/link";
import { classNames } from "@/components/ui/class-names";

type TabLink = { label: string; href: string; isCurrent: boolean };

/** Parts of one screen as links: the current part is in the URL. */
export function TabLinks({ label, tabs }: { label: string; tabs: TabLink[] }) {
  return (
    <nav
      aria-label={label}
      className="flex gap-5 overflow-x-auto overflow-y-hidden shadow-[inset_0_-1px_var(--line)] [scrollbar-width:none]"
    >
      {tabs.map(({ label, href, isCurrent }) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          scroll={false}
          aria-current={isCurrent ? "page" : undefined}
          className={classNames(
            "whitespace-nowrap border-b-2 pt-1 pb-2.5 font-medium -outline-offset-2 transition-colors max-md:pt-2",
            isCurrent
              ? "border-accent text-ink"
              : "border-transparent text-ink-soft hover:border-line-strong hover:text-ink",
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
