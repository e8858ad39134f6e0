/** How long nobody must type before a file with a broken form is read anew. Milliseconds. */
const PAUSE = 150;

/** The only clock of the server: runs work soon, or after a pause; what is asked for twice runs once. */
export class Schedule {
  private soon: NodeJS.Immediate | null = null;
  private later: NodeJS.Timeout | null = null;

  /** @param refresh brings up to date what edits of single forms allow; true when a `settle` is still due */
  constructor(
    private readonly refresh: () => boolean,
    private readonly settle: () => void,
  ) {}

  /** After an edit. Requests that are already waiting are answered first. */
  changed(): void {
    this.stop();
    this.soon = setImmediate(() => {
      this.soon = null;
      if (this.refresh()) this.later = setTimeout(() => this.now(), PAUSE);
    });
  }

  /** Settles at once: before a request that needs the last word. */
  now(): void {
    this.stop();
    this.settle();
  }

  stop(): void {
    if (this.soon) clearImmediate(this.soon);
    if (this.later) clearTimeout(this.later);
    this.soon = null;
    this.later = null;
  }
}
