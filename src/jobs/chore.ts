/** Does something again and again, one after the other, until it is stopped. */
export class Chore {
  private timer: NodeJS.Timeout | undefined;
  private doing: Promise<void> = Promise.resolve();
  private isStopped = false;

  /** @param work returns whether there is more to do at once
   *  @param failed told why it could not be done; it is tried again */
  constructor(
    private readonly everyMs: number,
    private readonly work: () => Promise<boolean>,
    private readonly failed: (error: Error) => void,
  ) {
    this.schedule(everyMs);
  }

  /** Does it soon. */
  hurry(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.schedule(0);
  }

  /** When it is not being done any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.doing;
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.doing = this.run();
    }, ms);
  }

  private async run(): Promise<void> {
    let more = false;
    try {
      more = await this.work();
    } catch (error) {
      this.failed(error as Error);
    }
    if (!this.isStopped) this.schedule(more ? 0 : this.everyMs);
  }
}
