import "server-only";
import { runChange } from "@/lib/database/db";
import { mailNotices } from "@/lib/notices/mail-notices";
import { IS_OPEN, NOTICE_RULES, NOTICE_TABLES } from "@/lib/notices/notice-rules";
import { raiseNotices } from "@/lib/notices/raise-notices";
import { countBreakingKeysByTeam } from "@/lib/policies/breaking-keys";

const RETENTION = "90 days";

/** The hourly jobs, in order: raise what is due, delete what is over, then mail what is new. */
export const NOTICE_JOBS = {
  noticeExpiringKeys: () => raiseNotices("key_expiring"),
  noticeNewAddresses: () => raiseNotices("key_new_address"),
  noticeDenialSpikes: () => raiseNotices("denial_spike"),
  noticePolicyBreaches,
  deleteSettledNotices,
  mailNotices,
};

async function noticePolicyBreaches(): Promise<void> {
  const teams = await countBreakingKeysByTeam();
  await raiseNotices("policy_breaches", [teams.map(({ teamId }) => teamId), teams.map(({ keys }) => keys)]);
}

/** Deletes old notices, and those whose cause is gone. */
async function deleteSettledNotices(): Promise<void> {
  await runChange(`delete from notices where at < now() - interval '${RETENTION}'`);
  await runChange(
    `delete from notices where id in (
       select n.id from ${NOTICE_TABLES} where n.kind = any($1::text[]) and not (${IS_OPEN}))`,
    [Object.keys(NOTICE_RULES)],
  );
}
