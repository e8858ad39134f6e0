/** Says what a long step does while it runs: a line at its start, one every ten seconds, one at its end. */
export async function withProgress<T>(title: string, step: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  console.log(`${title} …`);
  const timer = setInterval(() => console.log(`  … ${seconds()} s`), 10_000);
  try {
    const result = await step();
    console.log(`  done in ${seconds()} s`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
