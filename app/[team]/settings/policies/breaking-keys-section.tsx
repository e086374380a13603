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
        Keys that break this policy
      </h2>
      {breaking.total === 0 ? (
        <p className="text-ink-soft">None: every active key of the team keeps to the policy.</p>
      ) : (
        <>
          <p className="text-ink-soft">
            {breaking.total === 1
              ? "1 active key was there before the policy and goes on working. Change, rotate or revoke it when it suits who uses it."
              : `${breaking.total.toLocaleString("en")} active keys were there before the policy and go on working. Change, rotate or revoke them when it suits those who use them.`}{" "}
            {mayReview && (
              <Link
                href={`/${team}/settings/api-keys/review#breaks_policy`}
                prefetch={false}
                className="text-ink underline decoration-line-strong underline-offset-2 hover:decoration-accent"
              >
                Do it in the review of keys.
              </Link>
            )}
          </p>
          <BreakingKeysList team={team} breaking={breaking} />
        </>
      )}
    </section>
  );
}
