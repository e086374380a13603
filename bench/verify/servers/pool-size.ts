/** As many as the console itself opens; on a small machine more make nothing faster. */
export const POOL_SIZE = 10;
