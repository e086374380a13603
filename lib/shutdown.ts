type ShutdownHook = () => Promise<void>;

/** On `globalThis`, because Next's bundles and the process around them each have their own copy of this module. */
const registry = globalThis as { [key: symbol]: Set<ShutdownHook> | undefined };
const HOOKS = Symbol.for("latchkey.shutdownHooks");

/** Runs `hook` once the last request has been answered, before the process ends. */
export function onShutdown(hook: ShutdownHook): void {
  registry[HOOKS] ??= new Set();
  registry[HOOKS].add(hook);
}

/**
 * Runs every hook, the youngest first: what was opened last still needs what was opened before it.
 * A hook that fails doesn't keep the others from running; the failures are returned.
 */
export async function runShutdownHooks(): Promise<unknown[]> {
  const hooks = [...(registry[HOOKS] ?? [])].reverse();
  registry[HOOKS]?.clear();
  const failures: unknown[] = [];
  for (const hook of hooks) await hook().catch((error: unknown) => failures.push(error));
  return failures;
}
