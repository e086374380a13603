import "server-only";
import { runChange } from "@/lib/database/db";
import { appUrl } from "@/lib/env";
import { log } from "@/lib/log";
import { isMailConfigured, sendMail } from "@/lib/mail/send-mail";
import { describeNotice } from "@/lib/notices/describe-notice";
import { factsOf } from "@/lib/notices/list-notices";
import { isActiveMember } from "@/lib/notices/notice-rule";
import { IS_OPEN, NOTICE_TABLES } from "@/lib/notices/notice-rules";
import { visibleText } from "@/lib/text/visible-text";

const BATCH_SIZE = 500;
/** Older ones were raised before mail was set up, or couldn't be sent for that long. */
const MAILED_FOR = "2 days";
/** A mail's text is bounded; the rest is in the console. */
const MAX_LISTED = 20;

type Due = Parameters<typeof factsOf>[0] & {
  id: string;
  now: Date;
  email: string;
  teamName: string;
  teamSlug: string;
};

/**
 * Claims unread notices that weren't mailed yet, so that only one console mails each. An unconfirmed email address gets
 * none, because it could be anyone's.
 */
const CLAIM = `
  with due as (
    select n.id, u.email, t.name as team_name, t.slug, k.name, k.token_start, k.token_last_four
    from ${NOTICE_TABLES}
      join users u on u.id = m.user_id
      join teams t on t.id = m.team_id
    where n.at > now() - interval '${MAILED_FOR}' and n.mailed_at is null and n.read_at is null
      and ${isActiveMember("m", "u")}
      and u.email in (u.confirmed_email, m.confirmed_email) and (${IS_OPEN})
    order by n.at limit $1
    for update of n skip locked
  ), claimed as (
    update notices n set mailed_at = now() from due where n.id = due.id
    returning n.id, n.kind, n.data, n.key_id, n.at
  )
  select c.id, c.kind, c.data, c.key_id as "keyId", now() as now, due.email, due.team_name as "teamName",
    due.slug as "teamSlug", due.name, due.token_start as "tokenStart", due.token_last_four as "tokenLastFour"
  from claimed c join due on due.id = c.id
  order by due.email, due.slug, (c.data->>'expires_at')::bigint, c.at`;

/** Mails new notices, one mail per user and team. Does nothing if no mail server is set up. */
export async function mailNotices(): Promise<void> {
  if (!isMailConfigured()) return;
  const { rows } = await runChange<Due>(CLAIM, [BATCH_SIZE]);
  for (const notices of byPersonAndTeam(rows)) {
    try {
      await sendMail(noticeMail(notices));
    } catch (error) {
      log.warn({ err: String(error), notices: notices.length }, "notices not mailed, will retry");
      await runChange("update notices set mailed_at = null where id = any($1::uuid[])", [notices.map(({ id }) => id)]);
    }
  }
}

/** Requires rows ordered by user and team. */
function byPersonAndTeam(rows: Due[]): Due[][] {
  const groups: Due[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    const [first] = last ?? [];
    if (last && first?.email === row.email && first.teamSlug === row.teamSlug) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

/** `notices` belong to one user in one team. */
function noticeMail(notices: Due[]) {
  const [{ email, teamName, teamSlug, now }] = notices as [Due, ...Due[]];
  const team = visibleText(teamName);
  const home = `${appUrl()}/${teamSlug}`;
  const texts = notices.map((notice) => describeNotice(factsOf(notice), now));
  const [first] = texts;
  const list = texts
    .slice(0, MAX_LISTED)
    .map(({ title, detail, action, path }) => `- ${title}\n  ${detail}\n  ${action}: ${home}/${path}`);
  const more = texts.length > MAX_LISTED ? `${texts.length - MAX_LISTED} more. ` : "";
  return {
    to: email,
    subject:
      texts.length === 1 && first ? `${first.title} (${team})`.slice(0, 200) : `${texts.length} notices for ${team}`,
    text: `${list.join("\n\n")}\n\n${more}All notices: ${home}/notices\n`,
  };
}
