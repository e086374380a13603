/** A failure that is fully described by its message, printed as one sentence without a stack. */
export class StartError extends Error {}
