/** The user asked for something that does not exist; the message says what, and the exit status is 2. */
export class UsageError extends Error {}
