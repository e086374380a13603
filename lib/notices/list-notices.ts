import "server-only";
import { z } from "zod";
import { Prisma } from "@/generated/prisma/client";
import { nameOrEnds } from "@/lib/api-keys/key-label";
import type { Actor } from "@/lib/auth/actor";
import { db } from "@/lib/database/db";
import { pageOf, pageRequestFields } from "@/lib/http/page-cursor";
import { sqlVisible } from "@/lib/insights/where-visible";
import { describeNotice, type NoticeFacts, type NoticeText } from "@/lib/notices/describe-notice";
import { IS_OPEN, NOTICE_TABLES } from "@/lib/notices/notice-rules";

const PAGE_SIZE = 25;

/** The count in the bell stops here, and is shown as "99+". */
const COUNTED = 100;

/** The page's URL parameters. */
export const noticeListSchema = z.object(pageRequestFields);
export type NoticeListInput = z.output<typeof noticeListSchema>;

/** `action` and `path` are null if the member may not open the screen. */
export type NoticeDto = Pick<NoticeText, "title" | "detail"> & {
  id: string;
  at: string;
  isRead: boolean;
  action: { label: string; path: string } | null;
};

export type NoticePage = { notices: NoticeDto[]; older: string | null; newer: string | null };

type Row = {
  id: string;
  at: Date;
  kind: NoticeFacts["kind"];
  data: never;
  isRead: boolean;
  isVisible: boolean;
  keyId: string | null;
  name: string | null;
  tokenStart: string | null;
  tokenLastFour: string | null;
};

const { sql, raw } = Prisma;

const openOf = ({ memberId }: Actor) => sql`
  from ${raw(NOTICE_TABLES)} where n.member_id = ${memberId}::uuid and (${raw(IS_OPEN)})`;

/** A page of the member's own open notices, newest first. Needs no permission. */
export async function listNotices(actor: Actor, { after, before }: NoticeListInput): Promise<NoticePage> {
  const place = before ?? after;
  const [side, order] = before ? [raw(">"), raw("asc")] : [raw("<"), raw("desc")];
  const rows = await db.$queryRaw<Row[]>`
    select n.id, n.at, n.kind, n.data, n.read_at is not null as "isRead", n.key_id as "keyId",
      k.name, k.token_start as "tokenStart", k.token_last_four as "tokenLastFour",
      k.id is null or (${sqlVisible(actor)}) as "isVisible"
    ${openOf(actor)} ${place ? sql`and (n.at, n.id) ${side} (${place.at}, ${place.id}::uuid)` : Prisma.empty}
    order by n.at ${order}, n.id ${order} limit ${PAGE_SIZE + 1}`;
  const { rows: shown, older, newer } = pageOf(rows, { after, before }, PAGE_SIZE, (row) => row);
  return { notices: shown.map((row) => noticeDto(row, actor.now)), older, newer };
}

function noticeDto({ id, at, isRead, isVisible, ...row }: Row, now: Date): NoticeDto {
  const { title, detail, action, path } = describeNotice(factsOf(row), now);
  return { id, at: at.toISOString(), isRead, title, detail, action: isVisible ? { label: action, path } : null };
}

/** The stored facts of a notice, read together with its key's name and ends. */
export function factsOf(row: Pick<Row, "kind" | "data" | "keyId" | "name" | "tokenStart" | "tokenLastFour">) {
  const { kind, data, keyId, name, tokenStart, tokenLastFour } = row;
  const keyLabel = nameOrEnds({ name, tokenStart: tokenStart ?? "", tokenLastFour: tokenLastFour ?? "" });
  return { kind, data, keyId, keyLabel } as NoticeFacts;
}

/** How many open notices the member hasn't read, at most {@link COUNTED}. */
export async function countUnreadNotices(actor: Actor): Promise<number> {
  const [row] = await db.$queryRaw<[{ unread: number }]>`
    select count(*)::int as unread from (
      select ${openOf(actor)} and n.read_at is null limit ${COUNTED}
    ) u`;
  return row.unread;
}
