import { onTestFinished, vi } from "vitest";
import { usagePool } from "@/lib/verification/connections";

/** The next statement of this name is run, or isn't, and then fails: by default as if nobody could tell which. */
export function loseAnswer(name: string, isRun: boolean, error: Error = new Error("the connection is gone")): void {
  const query = usagePool.query.bind(usagePool) as unknown as (config: { name?: string }) => Promise<unknown>;
  const spy = vi.spyOn(usagePool, "query");
  onTestFinished(() => void spy.mockRestore());
  spy.mockImplementation((async (config: { name?: string }) => {
    if (!config.name?.startsWith(name)) return query(config);
    spy.mockRestore();
    if (isRun) await query(config);
    throw error;
  }) as never);
}
