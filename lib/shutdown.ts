type ShutdownHook = () => Promise<void>;

/** On `globalThis`, because Next's bundles and the process around them each have their own copy of this module. */
const registry = globalThis as { [key: symbol]: Set<ShutdownHook> | undefined };
const HOOKS = Symbol.for("latchkey.shutdownHooks");

/** Runs `hook` after the last response, before the process exits. */
export function onShutdown(hook: ShutdownHook): void {
  registry[HOOKS] ??= new Set();
  registry[HOOKS].add(hook);
}

/**
 * Runs all hooks, last registered first, because later resources depend on earlier ones. A failing hook doesn't stop
 * the others; the failures are returned.
 */
export async function runShutdownHooks(): Promise<unknown[]> {
  const hooks = [...(registry[HOOKS] ?? [])].reverse();
  registry[HOOKS]?.clear();
  const failures: unknown[] = [];
  for (const hook of hooks) await hook().catch((error: unknown) => failures.push(error));
  return failures;
}
