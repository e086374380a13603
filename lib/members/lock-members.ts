import "server-only";
import type { Transaction } from "@/lib/db";

/** Locks members in the order of their ids, which is the same for everybody: two that lock the same pair don't wait in a circle. */
export async function lockMembers(tx: Transaction, ...memberIds: string[]): Promise<void> {
  await tx.$queryRaw`select 1 from members where id = any(${memberIds}::uuid[]) order by id for no key update`;
}
