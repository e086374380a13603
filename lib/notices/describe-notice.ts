import { formatDate } from "@/lib/text/date-format";
import { relativeTime } from "@/lib/text/relative-time";
import { visibleText } from "@/lib/text/visible-text";

/** The facts of each kind of notice; times are epoch milliseconds. */
type Facts = {
  key_expiring: { days: number; expires_at: number };
  key_new_address: { ip: string; user_agent: string | null; first_at: number };
  key_revoked: { by: string };
  policy_breaches: { keys: number };
  denial_spike: { denied: number; most: number; hour: number };
  access_requested: { name: string; screen: string };
};
export type NoticeKind = keyof Facts;

/** A notice as stored, with the label of the key that it is about. */
export type NoticeFacts<Kind extends NoticeKind = NoticeKind> = {
  kind: Kind;
  data: Facts[Kind];
  keyId: string | null;
  keyLabel: string;
};

/** `path`: the screen that settles it, below the team's. */
export type NoticeText = { title: string; detail: string; action: string; path: string };

/** `label` is quoted; `path` is the key's page. */
type Key = { label: string; path: string };

const TEXTS: { [Kind in NoticeKind]: (data: Facts[Kind], key: Key, now: Date) => NoticeText } = {
  key_expiring: ({ expires_at }, { label, path }, now) => ({
    title: `${label} expires ${relativeTime(new Date(expires_at), now)}`,
    detail: `Requests with it are denied from ${formatDate(new Date(expires_at), "exact", "UTC")}. Rotate the key or extend its expiration.`,
    action: "Rotate or extend",
    path,
  }),
  key_new_address: ({ ip, user_agent }, { label, path }) => ({
    title: `${label} was used from a new IP address`,
    detail: `${visibleText(user_agent ? `${ip}, with ${user_agent}` : ip)}. Don't recognize it? Rotate the key.`,
    action: "Check IP addresses",
    path,
  }),
  key_revoked: ({ by }, { label, path }) => ({
    title: `${visibleText(by)} revoked ${label}`,
    detail: "Requests with it have been denied since.",
    action: "View key",
    path,
  }),
  policy_breaches: ({ keys }) => ({
    title: keys === 1 ? "1 key doesn't comply with the policy" : `${keys} keys don't comply with the policy`,
    detail: "Created before the current policy. They keep working until you update them.",
    action: "Review keys",
    path: "settings/api-keys/review",
  }),
  denial_spike: ({ denied, most, hour }, { label, path }) => ({
    title: `${number(denied)} requests with ${label} were denied in an hour`,
    detail: `${hourOf(hour)}. ${most === 0 ? "None were" : `At most ${number(most)} were`} in any hour of the 7 days before.`,
    action: "See denials",
    path,
  }),
  access_requested: ({ name, screen }) => ({
    title: `${visibleText(name)} requests access to ${screen}`,
    detail: "Their role doesn't include it. Give them another role, or change theirs.",
    action: "Change role",
    path: `settings/members?q=${encodeURIComponent(name)}`,
  }),
};

/** What happened, and what to do about it, for the screen and for emails. */
export function describeNotice<Kind extends NoticeKind>(notice: NoticeFacts<Kind>, now: Date): NoticeText {
  const key = { label: `“${visibleText(notice.keyLabel)}”`, path: `settings/api-keys/${notice.keyId}` };
  return TEXTS[notice.kind](notice.data, key, now);
}

const number = (count: number) => count.toLocaleString("en-US");

const HOUR_MS = 3_600_000;

function hourOf(hour: number): string {
  const [from, to] = [hour, hour + HOUR_MS].map((at) => new Date(at).toISOString().slice(11, 16));
  return `${formatDate(new Date(hour), "day", "UTC")}, ${from} to ${to} (UTC)`;
}
