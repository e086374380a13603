const registry = globalThis as { [key: symbol]: unknown };

/**
 * One instance for the whole process. Next evaluates a module once per bundle layer, and the server around Next has its
 * own copy; pools and counters must still exist only once.
 */
export function processWide<Value>(name: string, create: () => Value): Value {
  const key = Symbol.for(`latchkey.${name}`);
  registry[key] ??= create();
  return registry[key] as Value;
}
