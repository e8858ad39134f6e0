import { Presets, SingleBar } from "cli-progress";

/** A progress bar on standard error, when that is a terminal; silent otherwise. */
export class Progress {
  private readonly bar: SingleBar | null;

  constructor(label: string) {
    const format = `${label} {bar} {value}/{total} files`;
    this.bar = process.stderr.isTTY
      ? new SingleBar(
          { format, clearOnComplete: true, hideCursor: true, stream: process.stderr },
          Presets.shades_classic,
        )
      : null;
  }

  start(total: number): void {
    this.bar?.start(total, 0);
  }

  step(done: number): void {
    this.bar?.update(done);
  }

  stop(): void {
    this.bar?.stop();
  }
}
