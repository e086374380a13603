import { vi } from "vitest";

/**
 * Imports a module and its dependencies again, as in another process: with its own memory and connections, on the same
 * database.
 */
export async function inAnotherProcess<Module>(load: () => Promise<Module>): Promise<Module> {
  const registry = globalThis as { [key: symbol]: unknown };
  const ours = processWideKeys().map((key) => [key, registry[key]] as const);
  for (const [key] of ours) delete registry[key];
  vi.resetModules();
  const theirs = await load();
  for (const key of processWideKeys()) delete registry[key];
  for (const [key, value] of ours) registry[key] = value;
  return theirs;
}

const processWideKeys = () =>
  Object.getOwnPropertySymbols(globalThis).filter((key) => key.description?.startsWith("latchkey."));
