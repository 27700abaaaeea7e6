/** How long work may go on before the page gets to draw and to answer. Milliseconds. */
const WITHOUT_A_BREATH_MS = 30;

/** Lets the browser do what waits, now and then. */
export class Breather {
  private since = performance.now();

  /** Waits for the next task when the last breath was long ago. */
  async breathe(): Promise<void> {
    if (performance.now() - this.since < WITHOUT_A_BREATH_MS) return;
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => {
        port1.close();
        resolve();
      });
      port1.start();
      port2.postMessage(null);
    });
    this.since = performance.now();
  }
}
