import type { BreakingKeys } from "@/lib/policies/breaking-keys";
import { BreakingKeysList } from "./breaking-keys-list";

/** Keys from before the policy, for somebody to see to. */
export function BreakingKeysSection({ team, breaking }: { team: string; breaking: BreakingKeys }) {
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
            They were there before the policy and go on working. Change, rotate or revoke them when it suits those who
            use them.
          </p>
          <BreakingKeysList team={team} breaking={breaking} />
        </>
      )}
    </section>
  );
}
