import "server-only";
import type { NoticeRule } from "@/lib/notices/notice-rule";

/** Somebody else revoked a key; raised by the revocation itself. */
export const keyRevoked: NoticeRule = {
  isOpen: "k.revoked_at is not null and (k.member_id = m.id or k.responsible_member_id = m.id)",
};
