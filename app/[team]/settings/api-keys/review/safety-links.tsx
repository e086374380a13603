import { CircleHelp, ShieldCheck } from "lucide-react";
import Link from "next/link";

const linkClass = "flex items-center gap-1.5 rounded whitespace-nowrap max-md:min-h-10 text-ink-soft hover:text-ink";

/** Links from the list of keys to Review and “Why did it stop?”. */
export function SafetyLinks({ team }: { team: string }) {
  const keys = `/${team}/settings/api-keys`;
  return (
    <nav aria-label="Key health" className="flex gap-5 md:pb-2.5">
      <Link href={`${keys}/review`} prefetch={false} className={linkClass}>
        <ShieldCheck size={16} aria-hidden /> Review
      </Link>
      <Link href={`${keys}/why`} prefetch={false} className={linkClass}>
        <CircleHelp size={16} aria-hidden /> Why did it stop?
      </Link>
    </nav>
  );
}
