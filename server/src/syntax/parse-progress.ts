/**
 * What the two sides know of each other at any moment, without messages: which file is read, and which one is parsed. Each writes
 * first and then looks at the other's, so that they never pass by each other: a file is waited for, or left out.
 */
export class ParseProgress {
  constructor(readonly shared = new Int32Array(new SharedArrayBuffer(8)).fill(NO_FILE)) {}

  /** The reader's side: returns once the file is parsed, if that has begun. A thread that died is not waited for for long. */
  reach(file: number): void {
    Atomics.store(this.shared, READ, file);
    if (Atomics.load(this.shared, PARSED) === file) Atomics.wait(this.shared, PARSED, file, PATIENCE);
  }

  /** The thread's side: false where the file is no longer wanted. */
  begin(file: number): boolean {
    this.isAt(file);
    return Atomics.load(this.shared, READ) < file;
  }

  /** The thread's side: all that has been begun was answered. */
  rest(): void {
    this.isAt(NO_FILE);
  }

  private isAt(file: number): void {
    Atomics.store(this.shared, PARSED, file);
    Atomics.notify(this.shared, PARSED);
  }
}

const READ = 0;
const PARSED = 1;
const NO_FILE = -1;
/** Milliseconds; the largest files take a tenth of it. */
const PATIENCE = 1000;
