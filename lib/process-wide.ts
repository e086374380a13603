const registry = globalThis as { [key: symbol]: unknown };

/**
 * One instance for the whole process. Next evaluates a module once per bundle layer, and the server
 * around Next has its own copy of it: a pool or a counter must still be one.
 */
export function processWide<Value>(name: string, create: () => Value): Value {
  const key = Symbol.for(`latchkey.${name}`);
  registry[key] ??= create();
  return registry[key] as Value;
}
