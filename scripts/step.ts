/** Runs one step of a command and prints its duration. `done` can describe the result. */
export async function step<T>(done: string | ((result: T) => string), run: () => Promise<T> | T): Promise<T> {
  const begun = performance.now();
  const result = await run();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`✓ ${typeof done === "string" ? done : done(result)}  ${seconds} s`);
  return result;
}
