import { cpus, type as systemName, totalmem } from "node:os";

/** The machine in one line: processor, memory, system and Node. */
export function describeMachine(): string {
  const [processor] = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${processor?.model.trim()}, ${memoryGb} GB, ${systemName()}, Node ${process.versions.node}`;
}
