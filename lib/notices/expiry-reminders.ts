import "server-only";
import { sqlActive } from "@/lib/api-keys/status";
import { runChange } from "@/lib/database/db";
import { appUrl } from "@/lib/env";
import { log } from "@/lib/log";
import { isMailConfigured, sendMail } from "@/lib/mail/send-mail";
import { visibleText } from "@/lib/text/visible-text";

/** Days before a key's expiry on which reminders are sent. */
const DAYS_BEFORE = [14, 3, 1];
const BATCH_SIZE = 500;

type Due = {
  key_id: string;
  expires_at: Date;
  days_before: number;
  name: string;
  team_name: string;
  team_slug: string;
  email: string;
};

/**
 * Claims due reminders by inserting their rows, so that only one console sends each. Skips keys that have a successor,
 * and keys with a short lifetime. A personal key's reminder goes to its member, a team key's to its contact or else to
 * an Admin. An unconfirmed email address gets none, because it could be anyone's.
 */
const CLAIM = `
  with due as (
    select k.id as key_id, k.expires_at, nearest.days as days_before,
      coalesce(k.name, k.token_start || '…' || k.token_last_four) as name, t.name as team_name, t.slug as team_slug,
      recipient.email
    from teams t
      cross join lateral (
        select * from api_keys k
        where k.team_id = t.id and ${sqlActive().text}
          and k.expires_at between now() and now() + make_interval(days => $1)
          and not exists (select from api_keys s where s.rotated_from_id = k.id)
        order by k.expires_at
      ) k
      cross join lateral (
        select min(days) as days from unnest($2::int[]) as days where k.expires_at <= now() + make_interval(days => days)
      ) nearest
      cross join lateral (
        select u.email from members m join users u on u.id = m.user_id join roles r on r.id = m.role_id
        where m.team_id = t.id and m.removed_at is null and m.disabled_at is null and u.disabled_at is null
          and u.email in (u.confirmed_email, m.confirmed_email)
          and case when k.kind = 'personal' then m.id = k.member_id else m.id = k.responsible_member_id or r.grants_all end
        order by m.id = k.responsible_member_id desc nulls last, m.created_at
        limit 1
      ) recipient
    where k.expires_at - k.created_at > make_interval(days => 2 * nearest.days)
      and not exists (
        select from api_key_reminders d
        where d.key_id = k.id and d.expires_at = k.expires_at and d.days_before <= nearest.days)
    limit $3
  ), claimed as (
    insert into api_key_reminders (key_id, expires_at, days_before)
    select key_id, expires_at, days_before from due
    on conflict do nothing returning key_id, days_before
  )
  select due.* from due join claimed using (key_id, days_before) order by email, team_slug, expires_at`;

/** Sends all due reminders, one mail per user and team; returns the number of keys. */
export async function sendExpiryReminders(): Promise<number> {
  if (!isMailConfigured()) return 0;
  const { rows } = await runChange<Due>(CLAIM, [Math.max(...DAYS_BEFORE), DAYS_BEFORE, BATCH_SIZE]);
  let sent = 0;
  for (const keys of byPersonAndTeam(rows)) {
    try {
      await sendMail(reminder(keys));
      sent += keys.length;
    } catch (error) {
      log.warn({ err: String(error), keys: keys.length }, "expiry reminder not sent, will retry");
      await release(keys);
    }
  }
  return sent;
}

/** Requires rows ordered by user and team. */
function byPersonAndTeam(rows: Due[]): Due[][] {
  const groups: Due[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    const [first] = last ?? [];
    if (last && first?.email === row.email && first.team_slug === row.team_slug) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

async function release(keys: Due[]): Promise<void> {
  await runChange(
    `delete from api_key_reminders d using unnest($1::uuid[], $2::int[]) as c (key_id, days_before)
     where d.key_id = c.key_id and d.days_before = c.days_before`,
    [keys.map(({ key_id }) => key_id), keys.map(({ days_before }) => days_before)],
  );
}

/** `keys` belong to one user in one team, ordered by expiry. */
function reminder(keys: Due[]) {
  const [first] = keys as [Due, ...Due[]];
  const team = visibleText(first.team_name);
  const list = keys.map(
    ({ key_id, name, expires_at }) =>
      `- ${visibleText(name)}: expires ${expires_at.toISOString().slice(0, 16).replace("T", " ")} UTC\n` +
      `  ${appUrl()}/${first.team_slug}/settings/api-keys/${key_id}`,
  );
  return {
    to: first.email,
    subject:
      keys.length === 1 ? `An API key of ${team} expires soon` : `${keys.length} API keys of ${team} expire soon`,
    text:
      `${keys.length === 1 ? "This key" : "These keys"} of ${team} will stop working. Rotate any that are still in use: ` +
      `the old token keeps working during the grace period.\n\n${list.join("\n\n")}\n`,
  };
}
