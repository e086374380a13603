import { ArrowLeft } from "lucide-react";
import Link from "next/link";

/** A link to the parent screen, above the page's header. */
export function BackLink({ href, children }: { href: string; children: string }) {
  return (
    <Link
      href={href}
      prefetch={false}
      className="-mb-1 inline-flex items-center gap-1.5 justify-self-start rounded text-ink-soft hover:text-ink max-md:-my-2 max-md:min-h-10"
    >
      <ArrowLeft size={14} aria-hidden /> {children}
    </Link>
  );
}
