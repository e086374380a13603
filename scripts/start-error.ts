/** A failure whose message is all there is to say: it is printed as one sentence, without a stack. */
export class StartError extends Error {}
