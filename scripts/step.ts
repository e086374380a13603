/**
 * Runs one step of a command, then says that it is done and how long it took. `done` may tell
 * what came of it.
 */
export async function step<T>(done: string | ((result: T) => string), run: () => Promise<T> | T): Promise<T> {
  const begun = performance.now();
  const result = await run();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`✓ ${typeof done === "string" ? done : done(result)}  ${seconds} s`);
  return result;
}
