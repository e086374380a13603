import { Code } from "lucide-react";
import Link from "next/link";
import { buttonClass } from "@/components/ui/button";

/** Entry point for members who can create API keys. */
export function DeveloperApiBanner({ team }: { team: string }) {
  return (
    <section
      aria-labelledby="developer-api"
      className="flex flex-wrap items-center gap-x-5 gap-y-4 rounded-xl bg-accent-soft p-5"
    >
      <Code size={28} aria-hidden className="shrink-0 text-accent" />
      <div className="min-w-0 grow basis-64">
        <h2 id="developer-api" className="font-semibold text-base">
          Developer API
        </h2>
        <p>Connect scripts and services to your team's data with an API key.</p>
      </div>
      <Link href={`/${team}/settings/api-keys`} prefetch={false} className={buttonClass("primary")}>
        Open API keys
      </Link>
    </section>
  );
}
