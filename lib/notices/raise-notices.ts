import "server-only";
import { runChange } from "@/lib/database/db";
import type { NoticeKind } from "@/lib/notices/describe-notice";
import { NOTICE_RULES } from "@/lib/notices/notice-rules";

/** Limits a statement's duration; the rest follows in the next one. */
const ROWS_A_STATEMENT = 5_000;

/**
 * Raises the notices of a kind that are due. Known ones with the same data stay as they are, so each is raised once,
 * however many consoles run this at the same time: the later one sees the row of the first.
 */
export async function raiseNotices(kind: NoticeKind, values: unknown[] = []): Promise<void> {
  const { due, isNews = "true" } = NOTICE_RULES[kind];
  if (!due) throw new Error(`${kind} is raised by operations`);
  const renewed = (column: string, value: string) =>
    `${column} = case when ${isNews} then ${value} else n.${column} end`;
  // Rows in one order, so that two consoles can't deadlock.
  const raise = `
    insert into notices as n (member_id, kind, subject, key_id, data)
    select d.member_id, '${kind}', d.subject, d.key_id, d.data from (${due}) d
    where d.member_id is not null and not exists (
      select from notices o
      where o.member_id = d.member_id and o.kind = '${kind}' and o.subject = d.subject and o.data = d.data)
    order by d.member_id, d.subject limit ${ROWS_A_STATEMENT}
    on conflict (member_id, kind, subject) do update set
      data = excluded.data, ${renewed("at", "now()")}, ${renewed("read_at", "null")}, ${renewed("mailed_at", "null")}
    where n.data <> excluded.data`;
  for (let rows = ROWS_A_STATEMENT; rows === ROWS_A_STATEMENT; ) {
    rows = (await runChange(raise, values)).rowCount ?? 0;
  }
}
