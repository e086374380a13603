import Link from "next/link";
import type { BreakingKeys } from "@/lib/policies/breaking-keys";
import { BreakingKeysList } from "./breaking-keys-list";

type SectionProps = {
  team: string;
  breaking: BreakingKeys;
  /** Whether the reader can open the review of the whole team's keys. */
  mayReview: boolean;
};

/** Keys from before the policy that don't comply. */
export function BreakingKeysSection({ team, breaking, mayReview }: SectionProps) {
  return (
    <section aria-labelledby="breaking-keys" className="grid gap-3">
      <h2 id="breaking-keys" className="font-semibold text-lg">
        Keys that don't comply
      </h2>
      {breaking.total === 0 ? (
        <p className="text-ink-soft">All active keys comply.</p>
      ) : (
        <>
          <p className="text-ink-soft">
            {breaking.total === 1
              ? "1 active key was created before this policy and keeps working until you update, rotate or revoke it."
              : `${breaking.total.toLocaleString("en")} active keys were created before this policy and keep working until you update, rotate or revoke them.`}{" "}
            {mayReview && (
              <Link
                href={`/${team}/settings/api-keys/review#breaks_policy`}
                prefetch={false}
                className="text-ink underline decoration-line-strong underline-offset-2 hover:decoration-accent"
              >
                Review these keys
              </Link>
            )}
          </p>
          <BreakingKeysList team={team} breaking={breaking} />
        </>
      )}
    </section>
  );
}
