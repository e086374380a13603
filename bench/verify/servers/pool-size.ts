/** The same as the console's; on a small machine, more don't help. */
export const POOL_SIZE = 10;
